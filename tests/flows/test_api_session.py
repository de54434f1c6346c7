"""Signing in: what a browser and a stranger see."""

import http.client
import unittest

from installation import PASSWORD, Installation
from waiting import PATIENCE_S


class SessionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.root = cls.house.root_area()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def setUp(self):
        self.house.sign_in()

    def add_person(self, login, role="clerk", area_id=None):
        return self.house.call("POST", "/people", {"login": login, "display_name": "王静", "role": role,
                                                   "area_id": area_id or self.root, "password": PASSWORD}, expect=201)

    def test_the_cookie_is_hidden_from_scripts_and_other_sites(self):
        cookie = self.house.call("POST", "/session", {"login": "admin", "password": PASSWORD}, expect=201)
        self.assertNotIn("token", cookie)
        header = self.house.headers["Set-Cookie"]
        self.assertIn("HttpOnly", header)
        self.assertIn("SameSite=Strict", header)

    def test_wrong_passwords_lock_and_say_so(self):
        self.add_person("locked")
        for _ in range(5):
            self.house.call("POST", "/session", {"login": "locked", "password": "wrong"}, expect=401)
        answer = self.house.call("POST", "/session", {"login": "locked", "password": PASSWORD}, expect=429,
                                 headers={"Accept-Language": "en"})
        self.assertEqual(answer["error"]["code"], "locked")
        self.assertIn("try again in", answer["error"]["message"])
        self.assertGreater(int(self.house.headers["Retry-After"]), 0)

    def test_who_guesses_at_a_login_does_not_keep_its_owner_out(self):
        person = self.add_person("guessed")["person_id"]
        admin = (self.house.cookie, self.house.csrf)

        def sign_in(password, known, expect):
            self.house.cookie = None
            return self.house.call("POST", "/session", {"login": "guessed", "password": password}, expect=expect,
                                   headers={"Cookie": known} if known else None)
        sign_in(PASSWORD, None, 201)
        session, known = (line.split(";")[0] for line in self.house.headers.get_all("Set-Cookie"))
        self.assertIn("HttpOnly", self.house.headers.get_all("Set-Cookie")[1])
        self.house.call("GET", "/session", expect=401, headers={"Cookie": known.replace("known_%d" % person, "session")})
        for _ in range(5):
            sign_in("guess", None, 401)
        sign_in(PASSWORD, None, 429)
        sign_in(PASSWORD, known[:-1] + ("0" if known[-1] != "0" else "1"), 429)
        sign_in(PASSWORD, known.replace("known_%d" % person, "known_1"), 429)
        sign_in(PASSWORD, known, 201)
        for _ in range(5):  # who took the cookie may not guess on for ever either
            sign_in("guess", known, 401)
        sign_in(PASSWORD, known, 429)
        self.house.cookie, self.house.csrf = admin
        self.house.call("PATCH", "/people/%d" % person, {"password": PASSWORD + "2"}, expect=200)
        sign_in(PASSWORD + "2", known, 201)  # a new password ends the login's lock, and knows no browser of before

    def test_an_unknown_login_looks_like_a_wrong_password(self):
        wrong = self.house.call("POST", "/session", {"login": "admin", "password": "wrong"}, expect=401)["error"]
        unknown = self.house.call("POST", "/session", {"login": "nobody", "password": "wrong"}, expect=401)["error"]
        self.assertEqual((wrong["code"], wrong["message"]), (unknown["code"], unknown["message"]))

    def test_a_disabled_person_is_out_at_once(self):
        person = self.add_person("leaving")
        admin = self.house.cookie, self.house.csrf
        self.house.sign_in("leaving")
        theirs = self.house.cookie, self.house.csrf
        self.house.cookie, self.house.csrf = admin
        self.house.call("PATCH", "/people/%d" % person["person_id"], {"disabled": True}, expect=200)
        self.house.cookie, self.house.csrf = theirs
        self.house.call("GET", "/session", expect=401)

    def test_sessions_survive_a_restart(self):
        self.house.stop()
        self.house.start()
        self.house.call("GET", "/session", expect=200)

    def test_the_audit_trail_names_the_act_and_no_secret(self):
        self.add_person("audited")
        rows = self.house.call("GET", "/audit?action=person.create", expect=200)["items"]
        self.assertEqual(rows[0]["detail"], "audited")
        self.assertEqual(rows[0]["person_name"], self.house.call("GET", "/session")["person"]["display_name"])
        self.assertNotIn(PASSWORD, str(rows))

    def test_a_person_sees_their_own_area_only(self):
        north = self.house.add_area(self.root, "estate", "北区")
        south = self.house.add_area(self.root, "estate", "南区")
        self.house.add_device(self.house.add_area(north, "building", "1栋"), 861110000000001, "111000000001")
        mine = self.house.add_device(self.house.add_area(south, "building", "1栋"), 861110000000002, "111000000002")
        self.add_person("south", "operator", south)
        self.house.sign_in("south")
        devices = self.house.call("GET", "/devices", expect=200)
        self.assertEqual([row["device_id"] for row in devices["items"]], [mine])
        self.house.call("GET", "/devices/%d" % (mine - 1), expect=404)
        self.house.call("POST", "/devices/%d/commands" % (mine - 1), {"kind": "read_now", "reason": "x"}, expect=404)
        self.house.call("GET", "/devices?area_id=%d" % north, expect=404)
        answer = self.house.call("POST", "/devices", {"area_id": north, "imei": 861110000000003,
                                                      "meter_number": "111000000003"}, expect=404)
        self.assertEqual(answer["error"]["field"], "area_id")

    def test_every_answer_carries_the_protecting_headers(self):
        for path in ("/", "/api/v1/session", "/api/v1/nothing", "/no-such-file.js"):
            connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
            connection.request("GET", path)
            headers = connection.getresponse().headers
            connection.close()
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff", path)
            self.assertEqual(headers["X-Frame-Options"], "DENY", path)
            self.assertIn("default-src 'self'", headers["Content-Security-Policy"], path)


if __name__ == "__main__":
    unittest.main()
