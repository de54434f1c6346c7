"""Console and API in processes of their own: two of them beside a core, which dies, stands still and comes back."""

import concurrent.futures
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import Installation
from machines import ApiProcess, api_key_file, key_file
from test_api_live import DAY_S, ZONE_S, Stream
from waiting import PATIENCE_S, until

IMEI = 863330000000071
BOUND = 256  # requests of one api under way at a core


class ApiProcessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation()
        cls.addClassCleanup(cls.house.close)
        cls.house.start("--api-listen", "127.0.0.1:0")
        cls.door = int(cls.house.process.stdout.readline().split()[1])
        cls.house.sign_in()
        cls.estate = cls.house.add_area(cls.house.root_area(), "estate", "榕荫花园")
        cls.building = cls.house.add_area(cls.estate, "building", "1栋")
        cls.device_id = cls.house.add_device(cls.building, IMEI, "333000000071")

    def setUp(self):
        self.first, self.second = self.api("hall"), self.api("annex")
        self.first.linked_await()
        self.second.linked_await()

    def api(self, name, **more):
        api = ApiProcess(self.house, name, [self.door], **more).start()
        self.addCleanup(api.close)
        return api

    def core_restart(self):
        """At the same place, so that the apis need not be told."""
        self.house.start("--api-listen", "127.0.0.1:%d" % self.door)
        self.assertEqual(self.house.process.stdout.readline(), "apis  %d\n" % self.door)

    def test_a_session_is_good_at_every_one(self):
        self.first.sign_in()
        self.second.cookie, self.second.csrf = self.first.cookie, self.first.csrf
        self.assertEqual(self.second.call("GET", "/session", expect=200)["person"]["login"], "admin")
        room = self.first.call("POST", "/areas", {"parent_area_id": self.estate, "kind": "building", "name": "4栋"}, expect=201)["id"]
        for house in (self.first, self.second, self.house):
            self.assertIn(room, [area["area_id"] for area in house.call("GET", "/areas", expect=200)["items"]])
        self.second.call("DELETE", "/session", expect=204)
        self.first.call("GET", "/session", expect=401)
        self.first.call("POST", "/areas", {"parent_area_id": self.estate, "kind": "building", "name": "5栋"}, expect=401)

    def test_what_the_core_alone_knows_comes_from_it(self):
        self.first.sign_in()
        for path in ("/profiles", "/strangers", "/payment-channels", "/devices/%d/commands-available" % self.device_id):
            self.assertEqual(self.first.call("GET", path, expect=200), self.house.call("GET", path, expect=200))
        before = self.first.counter("forward_requests")
        self.first.call("GET", "/devices/%d" % self.device_id, expect=200)
        self.assertEqual(self.first.counter("forward_requests"), before)

    def test_every_list_is_the_same_as_at_the_core(self):
        self.first.sign_in()
        description = self.first.call("GET", "/openapi.json", expect=200)
        own = ("/health", "/metrics", "/live", "/clock", "/audit", "/session")
        paths = [path for path, methods in description["paths"].items() if "get" in methods and "{" not in path
                 and not path.endswith((*own, ".pdf")) and not any(each.get("required") for each in methods["get"].get("parameters", []))]
        self.assertGreater(len(paths), 50)
        for path in paths:
            path = path.removeprefix("/api/v1")
            with self.subTest(path):  # times that some of them tell may pass a second between the two
                until(lambda path=path: self.both_answer(path), lambda answers: answers[0] == answers[1])

    def both_answer(self, path):
        """The api and the core."""
        answers = []
        for house in (self.first, self.house):
            answer = house.call("GET", path)
            if isinstance(answer, dict):
                answer.get("error", {}).pop("reference", None)
            answers.append((house.status, house.headers["Content-Type"], answer))
        return answers

    def test_a_list_is_taken_away(self):
        """The core notes who did it, this process makes the file."""
        self.first.sign_in()
        answers = [house.call("GET", "/devices?format=csv", expect=200) for house in (self.first, self.house)]
        self.assertEqual(answers[0], answers[1])
        self.assertIn("333000000071", answers[0])
        self.assertEqual(self.first.headers["Content-Disposition"], self.house.headers["Content-Disposition"])
        rows = [row for row in self.house.call("GET", "/audit", expect=200)["items"] if row["action"] == "list.export"]
        self.assertEqual([row["object_kind"] for row in rows[:2]], ["devices", "devices"])
        self.house.call("GET", "/devices?format=csv", headers={"X-Meterworks-Note": "1"}, expect=204)
        self.first.call("GET", "/devices?format=csv&kind=palace", expect=422)
        self.first.cookie = None
        self.first.call("GET", "/devices?format=csv", expect=401)

    def test_refusals_are_the_cores_own(self):
        self.first.sign_in()
        wrong = {"parent_area_id": self.building, "kind": "palace", "name": "x"}
        for method, path, body in (("POST", "/areas", wrong), ("DELETE", "/areas", None), ("POST", "/nothing", {}),
                                   ("POST", "/session", {"login": "admin", "password": "wrong"})):
            answers = []
            for house in (self.first, self.house):
                answer = house.call(method, path, body)
                answer["error"].pop("reference")
                answers.append((house.status, answer))
            self.assertEqual(answers[0], answers[1])
        self.first.csrf = "wrong"
        self.first.call("POST", "/areas", {"parent_area_id": self.estate, "kind": "building", "name": "x"}, expect=403)
        self.first.cookie = None
        self.first.call("POST", "/areas", {"parent_area_id": self.estate, "kind": "building", "name": "x"}, expect=401)

    def test_large_bodies_both_ways(self):
        self.first.sign_in()
        rows = ["电表号,IMEI" + ",x" * 20] + ["%012d,%015d" % (n, n) for n in range(20000)]
        answer = self.first.call("POST", "/devices/import", raw="\n".join(rows).encode(), headers={"Content-Type": "text/csv"})
        self.assertGreaterEqual(self.first.status, 400)
        self.assertLess(self.first.status, 500, answer)
        answer = self.first.call("POST", "/decode", {"text": "68 11 11 11 11 11 11 68 11 04 33 33 34 33 20 16\n" * 3000}, expect=200)
        self.assertEqual(answer, self.house.call("POST", "/decode", {"text": "68 11 11 11 11 11 11 68 11 04 33 33 34 33 20 16\n" * 3000}))
        self.first.call("POST", "/decode", raw=b"x" * (2 << 20), expect=413)

    def test_an_api_dies_and_the_other_goes_on(self):
        self.first.sign_in()
        self.second.cookie, self.second.csrf = self.first.cookie, self.first.csrf
        self.first.kill()
        name = {"parent_area_id": self.estate, "kind": "building", "name": "6栋"}
        self.second.call("POST", "/areas", name, expect=201)
        again = self.api("hall").linked_await()
        again.cookie, again.csrf = self.second.cookie, self.second.csrf
        again.call("POST", "/areas", {**name, "name": "7栋"}, expect=201)

    def test_without_a_core_reading_goes_on(self):
        self.first.sign_in()
        name = {"parent_area_id": self.estate, "kind": "building", "name": "8栋"}
        stream = Stream(self.first)
        self.addCleanup(stream.close)
        self.house.kill()
        until(lambda: self.first.call("GET", "/health", expect=200)["core"], lambda core: core == "none")
        self.first.call("GET", "/devices", expect=200)
        self.first.call("GET", "/profiles", expect=503)
        answer = self.first.call("POST", "/areas", name, expect=503)["error"]
        self.assertEqual(answer["code"], "no_core")
        self.assertIn("核心服务", answer["message"])
        self.assertGreater(int(self.first.headers["Retry-After"]), 0)
        self.first.call("POST", "/areas", name, headers={"Accept-Language": "en"}, expect=503)
        stream.next("tick")
        self.core_restart()
        self.first.linked_await()
        self.first.call("POST", "/areas", name, expect=201)
        stream.next("resync")

    def test_a_core_that_stands_still(self):
        """What it was asked may be done when it goes on; what only reads never harms."""
        self.first.sign_in()
        name = {"parent_area_id": self.estate, "kind": "building", "name": "9栋"}
        self.house.process.send_signal(signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                change = pool.submit(self.ask_aside, "POST", "/api/v1/areas")
                self.first.call("GET", "/devices", expect=200)
                self.assertIn(change.result(), (503, 504))
            until(lambda: self.first.call("GET", "/health", expect=200)["core"], lambda core: core == "none")
            self.first.call("GET", "/devices", expect=200)
            self.first.call("POST", "/areas", name, expect=503)
        finally:
            self.house.process.send_signal(signal.SIGCONT)
        self.first.linked_await()
        self.first.call("POST", "/areas", name, expect=201)

    def ask_aside(self, method, path):
        """With a connection of its own; the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.first.http_port, timeout=PATIENCE_S)
        connection.request(method, path, b"{}", {"Content-Type": "application/json", "Cookie": self.first.cookie,
                                                 "X-CSRF-Token": self.first.csrf})
        status = connection.getresponse().status
        connection.close()
        return status

    def test_more_than_fit_are_told_so(self):
        """A core that does not answer is asked by so many and no more; reading goes on beside them."""
        self.first.sign_in()
        self.house.process.send_signal(signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor(BOUND + 20) as pool:
                asked = [pool.submit(self.ask_aside, "POST", "/api/v1/areas") for _ in range(BOUND + 20)]
                self.first.call("GET", "/devices", expect=200)
                statuses = [each.result() for each in asked]
        finally:
            self.house.process.send_signal(signal.SIGCONT)
        self.assertLessEqual(set(statuses), {503, 504})
        self.assertLessEqual(statuses.count(504), BOUND)  # so many got as far as the core
        # The core may be given up for its silence still after it goes on: then it is found again.
        until(lambda: (self.first.call("GET", "/profiles"), self.first.status)[1], lambda status: status == 200)

    def test_both_hear_of_a_reading(self):
        self.first.sign_in()
        self.second.cookie, self.second.csrf = self.first.cookie, self.first.csrf
        streams = [Stream(house) for house in (self.first, self.second, self.house)]
        device = Device(self.house.coap_port, IMEI)
        self.addCleanup(device.close)
        for stream in streams:
            self.addCleanup(stream.close)
            stream.next("tick")
        device.register()
        midnight = (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S
        report = Report(time_s=int(time.time()), volume_l=9000 + int(time.time()) % 1000, midnight_s=midnight, history_l=[8999])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        heard = [stream.next("reading") for stream in streams]
        self.assertEqual(heard[0], heard[1])
        self.assertEqual(heard[0], heard[2])  # with the same number: a browser may come back to any of them
        self.assertEqual(heard[0][1]["device_id"], self.device_id)

    def test_a_session_in_use_is_kept_awake(self):
        """Reading alone never asks the core, but for telling it now and then that the session lives."""
        self.first.sign_in()
        before = self.first.counter("forward_requests")
        with self.house.database() as database:
            database.execute("UPDATE session SET seen_s = seen_s - 3600")
        self.first.call("GET", "/devices", expect=200)
        until(lambda: self.first.counter("forward_requests"), lambda count: count > before)
        with self.house.database() as database:
            until(lambda: database.row("SELECT max(seen_s) FROM session")[0], lambda seen_s: seen_s > time.time() - 600)

    def test_strangers_at_the_door(self):
        """Bytes that prove no key lead nowhere, and do not keep those out who have one."""
        callers = [socket.create_connection(("127.0.0.1", self.door)) for _ in range(100)]
        for number, caller in enumerate(callers):
            caller.sendall([b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", os.urandom(500), b""][number % 4])
        self.first.sign_in()
        for caller in callers:
            caller.settimeout(PATIENCE_S)
            self.assertNotIn(b"HTTP", self.everything(caller))
            caller.close()
        self.first.call("GET", "/profiles", expect=200)

    @staticmethod
    def everything(caller):
        said = b""
        try:
            while more := caller.recv(4096):
                said += more
        except ConnectionError:
            pass
        return said

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_an_api_that_lies(self):
        """Who holds a key may say anything: it gets what anybody gets at the core's own port, and no more."""
        name, key = open(api_key_file(self.house, "liar"), encoding="utf-8").read().split()
        request = b"GET /api/v1/devices HTTP/1.1\r\nHost: core\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n"
        self.assertIn(b"HTTP/1.1 401", self.speak(name, key, request))
        self.assertIn(b"HTTP/1.1 400", self.speak(name, key, b"FEED 2\n\r\n\r\n"))
        self.assertIn(b"R ", self.speak(name, key, b"FEED 1\n", enough=b"R "))
        for bytes_said in (b"\0" * 100000, os.urandom(100000), b"FEED 1\nmore"):
            self.speak(name, key, bytes_said, enough=b"\n")
        self.speak(name, key, b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n", enough=b"")  # and goes
        name, key = open(key_file(self.house, "liar"), encoding="utf-8").read().split()
        self.assertEqual(self.speak(name, key, request), b"")  # a gate's key is no api's
        self.first.sign_in()

    def speak(self, name, key, said, enough=b"\r\n\r\n"):
        """What the door answers to these bytes, until it closes or has said enough."""
        client = subprocess.Popen(["openssl", "s_client", "-quiet", "-no_ign_eof", "-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256",
                                   "-psk_identity", name, "-psk", key, "-connect", "127.0.0.1:%d" % self.door],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        heard = b""
        try:
            client.stdin.write(said)
            client.stdin.flush()
            while enough not in heard and (more := client.stdout.read1(4096)):
                heard += more
        except BrokenPipeError:
            pass
        client.kill()
        client.wait()
        client.stdout.close()
        try:
            client.stdin.close()
        except BrokenPipeError:
            pass
        return heard


if __name__ == "__main__":
    unittest.main()
