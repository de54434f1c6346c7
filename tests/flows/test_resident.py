"""A resident's phone: bound by user name and password, sees its own and nothing else, pays, and hears how far it came."""

import datetime
import http.client
import io
import json
import os
import subprocess
import sys
import time
import unittest
import urllib.request

from waiting import PATIENCE_S



sys.path.append("/usr/lib/python3/dist-packages")  # Debian's package, whichever Python runs the tests
import openpyxl  # noqa: E402

import payment_house
from installation import PASSWORD, PROGRAM
from resident_phone import OWN_PASSWORD, Phone


class ResidentTest(payment_house.PaymentHouse):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour_customer = cls.house.call("POST", "/customers", {"number": "100483", "name": "林志远"}, expect=201)["customer_id"]
        cls.neighbour = cls.account_make(cls.neighbour_customer, 2)
        cls.customer = cls.house.call("GET", "/accounts/%d" % cls.account, expect=200)["customer_id"]
        cls.bills_make()
        cls.phone = Phone(cls.house)
        first = cls.issue(cls.customer)
        cls.login = first["login"]
        cls.phone.bind(cls.login, first["password"], new_password=OWN_PASSWORD, phone_name="妈妈的手机")

    @classmethod
    def account_make(cls, customer, number):
        building = cls.house.call("GET", "/areas", expect=200)["items"][-1]["area_id"]
        device = cls.house.add_device(building, 862220000000000 + number, "22200000000%d" % number, room="120%d" % number)
        return cls.house.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": 1,
                                                    "payment_mode": "postpaid"}, expect=201)["account_id"]

    @classmethod
    def bills_make(cls):
        """Both have a post-paid meter with a bill of 5 m3."""
        cls.postpaid = cls.account_make(cls.customer, 3)
        cls.house.call("PUT", "/settings/bills_by_run", {"value": "1"}, expect=200)
        cls.house.stop()
        today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        day = (today - datetime.date(1970, 1, 1)).days
        with cls.house.database() as database:
            database.execute("UPDATE account_standing SET settled_day = ? WHERE account_id IN"
                             " (SELECT account_id FROM account WHERE payment_mode = 'postpaid')", (day - 5,))
            # Until three days ago the meter of the post-paid account was the neighbour's.
            database.execute("INSERT INTO account (tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id,"
                             " opened_s, closed_s) SELECT tenant_id, ?, device_id, area_id, tariff_id, payment_mode, wallet_id, 0, ?"
                             " FROM account WHERE account_id = ?", (cls.neighbour_customer, (day - 3) * 86400, cls.postpaid))
            for before in range(1, 8):
                database.execute("INSERT INTO daily_reading VALUES (?, 3, ?, ?, 0, 0, 1000)",
                                 (day - before, 5000000 - before * 1000, 5000000 - before * 1000))
            cls.moved_in = (today - datetime.timedelta(days=2)).isoformat()
            for device in (2, 3):
                database.execute("INSERT INTO daily_reading VALUES (?, ?, 5000000, 5000000, 0, 0, 1000)", (day, device))
        cls.start()
        run = cls.house.call("POST", "/settlement/runs", {"to_day": today.isoformat(), "accounts": "all"}, expect=201)
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator", "password": PASSWORD,
                                           "area_id": cls.house.root_area()}, expect=201)
        cls.house.sign_in("second")
        cls.house.call("POST", "/settlement/runs/%d/approve" % run["run_id"], {"reason": "月结"}, expect=200)
        bills = cls.house.call("GET", "/bills", expect=200)["items"]
        cls.bill = next(bill["bill_id"] for bill in bills if bill["account_id"] == cls.postpaid)
        cls.neighbour_bill = next(bill["bill_id"] for bill in bills if bill["account_id"] == cls.neighbour)

    @classmethod
    def issue(cls, customer, **more):
        return cls.house.call("POST", "/customers/%d/resident" % customer, more, expect=201)

    def order_ask(self, amount_fen=5000, account=None, expect=201, **more):
        return self.phone.call("POST", "/resident/accounts/%d/orders" % (account or self.account),
                               {"amount_fen": amount_fen, "channel": "wechat", "scene": "mobile", "key": self.key(), **more},
                               expect)

    def raw(self, method, path, body=None, **headers):
        """A request of nobody; status, headers and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content if content[:2] == b"PK" else content.decode()

    def bind_from(self, address, login, password="wrong", **headers):
        return self.raw("POST", "/api/v1/resident/bind", json.dumps({"login": login, "password": password}),
                        Content_Type="application/json", X_Forwarded_For=address, **headers)

    def test_a_planted_token_sees_nothing_of_what_is_bound_with_it(self):
        """Somebody puts the token of a phone of theirs into another's browser before that is bound."""
        thief, victim = Phone(self.house), Phone(self.house)
        other = self.house.call("POST", "/customers", {"number": "T-1", "name": "贼"}, expect=201)["customer_id"]
        first = self.house.call("POST", "/customers/%d/resident" % other, {}, expect=201)
        thief.bind(first["login"], first["password"], new_password=OWN_PASSWORD)
        victim.cookie, victim.csrf = thief.cookie, thief.csrf
        victim.bind(self.login, OWN_PASSWORD)
        self.assertNotEqual(victim.cookie, thief.cookie)
        self.assertEqual(len(victim.call("GET", "/resident/session", expect=200)["customers"]), 2)
        thief.call("GET", "/resident/session", expect=401)

    def test_a_login_of_nobody_locks_like_one_of_somebody(self):
        customer = self.house.call("POST", "/customers", {"number": "L-1", "name": "锁"}, expect=201)["customer_id"]
        self.house.call("POST", "/customers/%d/resident" % customer, {}, expect=201)
        told = {}
        for login in ("l-1", "l-2"):
            answers = [self.bind_from("198.51.100.1", login) for _ in range(6)]
            told[login] = [(status, json.loads(text)["error"]["code"]) for status, _, text in answers]
            self.assertLessEqual(int(answers[-1][1]["Retry-After"]), 30)
        self.assertEqual(told["l-1"], told["l-2"])
        self.assertEqual(told["l-1"][-1], (429, "resident_locked"))

    def test_an_address_has_so_many_tries_whatever_the_logins(self):
        for _ in range(600):  # a slow machine earns a try a second meanwhile
            status, headers, text = self.bind_from("203.0.113.9", "guessed")
            if json.loads(text)["error"]["code"] == "too_many_requests":
                break
        self.assertEqual((status, json.loads(text)["error"]["code"]), (429, "too_many_requests"))
        self.assertIn(int(headers["Retry-After"]), range(1, 61))
        self.assertEqual(self.bind_from("203.0.113.10", self.login, OWN_PASSWORD)[0], 201)
        for _ in range(600):
            status = self.raw("POST", "/api/v1/session", json.dumps({"login": "nobody-here", "password": "x"}),
                              Content_Type="application/json", X_Forwarded_For="203.0.113.9")[0]
            if status == 429:
                break
        self.assertEqual(status, 429)

    def test_the_cookie_is_for_this_page_alone(self):
        status, headers, _ = self.raw("POST", "/api/v1/resident/bind", json.dumps({"login": self.login, "password": OWN_PASSWORD}),
                                      Content_Type="application/json", X_Forwarded_Proto="https")
        self.assertEqual(status, 201)
        for part in ("HttpOnly", "SameSite=Strict", "Secure"):
            self.assertIn("; " + part, headers["Set-Cookie"])

    def test_wechat_says_who_pays_and_the_phone_remembers(self):
        wechat = self.phone.call("GET", "/resident/channels", expect=200)["items"][0]
        self.assertEqual(wechat["payer_page"], self.stand_in.url + "/open/connect/oauth2/authorize?appid=wx1234567890abcdef")
        ask = {"channel": "wechat", "code": self.stand_in.code_make()}
        known = self.phone.call("POST", "/resident/payer", ask, expect=200)["payer_id"]
        self.assertEqual(known, "oTest0000000000000000000001")
        self.assertEqual(self.phone.call("POST", "/resident/payer", ask, expect=409)["error"]["code"], "channel_refused")  # used
        for code, status in ((self.stand_in.code_make(snapshot=True), 409), ("A&secret=x", 422), ("x" * 513, 422)):
            self.phone.call("POST", "/resident/payer", {"channel": "wechat", "code": code}, expect=status)
        self.phone.call("POST", "/resident/payer", {"channel": "alipay", "code": "A"}, expect=422)
        begun = self.order_ask(scene="in_app")
        order = self.until(lambda: self.order_seen(begun, "pending"), "an invitation")
        self.assertEqual(order["invitation_kind"], "script")
        self.assertEqual(self.stand_in.orders[begun["trade_number"]]["payer"], known)
        stranger = Phone(self.house)
        self.assertEqual(stranger.call("POST", "/resident/payer", {"channel": "wechat", "code": self.stand_in.code_make()},
                                       expect=200)["payer_id"], known)
        with open(os.path.join(self.house.folder, "errors"), encoding="utf-8") as file:
            self.assertNotIn("f0e1d2c3", file.read())

    def test_a_bill_that_was_taken_back_is_not_paid(self):
        path = self.house.call("GET", "/bills/%d/pay-link" % self.bill, expect=200)["path"]
        link = {"bill": self.bill, "code": path.split("code=")[1], "channel": "alipay", "scene": "mobile", "key": self.key()}
        with self.house.database() as database:
            database.execute("UPDATE bill SET state = 'reversed' WHERE bill_id = ?", (self.bill,))
        self.assertEqual(Phone(self.house).call("POST", "/resident/pay", link, expect=409)["error"]["code"], "nothing_due")
        self.workbook_check()
        with self.house.database() as database:
            database.execute("UPDATE bill SET state = 'issued' WHERE bill_id = ?", (self.bill,))

    def workbook_check(self):
        """The list of bills as a workbook ends with its sum, without the bill that was taken back."""
        _, _, body = self.raw("GET", "/api/v1/bills?format=xlsx", Cookie=self.house.cookie, Accept_Language="zh")
        titles, *rows, total = openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
        amount, state = titles.index("金额 (元)"), titles.index("状态")
        living = [row[amount] for row in rows if row[state] != "reversed"]
        self.assertEqual((len(rows) - len(living), total[0]), (1, "合计, 不含 1 行已冲正、撤销或未成的"))
        self.assertEqual((total[amount], total[titles.index("用量 (m³/kWh)")]), (sum(living), None))

    def test_a_first_password_is_good_once_and_must_be_replaced(self):
        first = self.issue(self.neighbour_customer, login="13800000483")
        self.assertEqual((first["login"], len(first["password"]), first["days"]), ("13800000483", 10, 30))
        phone = Phone(self.house)
        self.assertEqual(phone.bind(first["login"], first["password"], 409)["error"]["code"], "first_password")
        self.assertEqual(phone.bind(first["login"], first["password"], 422, new_password="kurz")["error"]["field"], "new_password")
        self.assertEqual(phone.bind(first["login"], first["password"], 422, new_password=first["password"])["error"]["code"],
                         "password_simple")
        phone.bind(first["login"], first["password"], new_password=OWN_PASSWORD)
        Phone(self.house).bind(first["login"], first["password"], 401, new_password=OWN_PASSWORD + "!")
        family = Phone(self.house)
        family.bind(first["login"].upper(), OWN_PASSWORD, phone_name="爸爸")
        phones = family.call("GET", "/resident/session", expect=200)["phones"]
        self.assertEqual(sorted((row["name"], row["this"]) for row in phones), [("", False), ("爸爸", True)])
        with self.house.database() as database:
            stored = database.content()
        self.assertIn(b"scrypt$", stored)
        self.assertFalse(OWN_PASSWORD.encode() in stored or first["password"].encode() in stored)

        # A new password unbinds the others; an operator sees the phones and can unbind them too.
        family.call("POST", "/resident/password", {"customer_id": self.neighbour_customer, "password": "nicht das", "new_password":
                                                   "abcdefghij1"}, expect=401)
        family.call("POST", "/resident/password", {"customer_id": self.neighbour_customer, "password": OWN_PASSWORD,
                                                   "new_password": "abcdefghij1"}, expect=204)
        phone.call("GET", "/resident/session", expect=401)
        seen = self.house.call("GET", "/customers/%d/resident" % self.neighbour_customer, expect=200)
        self.assertEqual((seen["login"], seen["one_time"], [row["name"] for row in seen["phones"]]), ("13800000483", False, ["爸爸"]))
        self.house.call("DELETE", "/customer-phones/%d" % seen["phones"][0]["binding_id"], expect=200)
        family.call("GET", "/resident/session", expect=401)

    def test_wrong_passwords_lock_and_the_cash_desk_resets(self):
        customer = self.house.call("POST", "/customers", {"number": "A-77", "name": "何秀兰"}, expect=201)["customer_id"]
        first = self.issue(customer)
        self.assertEqual(first["login"], "a-77")
        phone = Phone(self.house)
        for _ in range(5):
            self.assertEqual(phone.bind("a-77", "wrong", 401)["error"]["code"], "wrong_password")
        answer = phone.bind("a-77", first["password"], 429, new_password=OWN_PASSWORD)
        self.assertEqual(answer["error"]["code"], "resident_locked")
        self.assertLessEqual(int(self.house.headers["Retry-After"]), 30)
        self.assertIn("收费处", answer["error"]["message"])
        self.assertGreater(self.house.call("GET", "/customers/%d/resident" % customer, expect=200)["locked_s"], 0)
        again = self.issue(customer)
        self.assertNotEqual(again["password"], first["password"])
        phone.bind("a-77", again["password"], new_password=OWN_PASSWORD)
        self.assertEqual(self.house.status, 201)
        known = {"Cookie": self.house.headers.get_all("Set-Cookie")[1].split(";")[0]}
        self.assertEqual(phone.call("GET", "/resident/accounts", expect=200)["items"], [])
        for _ in range(5):
            self.bind_from("198.51.100.7", "a-77")
        self.assertEqual(self.bind_from("198.51.100.8", "a-77", OWN_PASSWORD)[0], 429)
        self.assertEqual(self.bind_from("198.51.100.8", "a-77", OWN_PASSWORD, **known)[0], 201)  # was bound before
        self.house.call("DELETE", "/customers/%d/resident" % customer, expect=200)
        phone.call("GET", "/resident/session", expect=401)
        phone.bind("a-77", OWN_PASSWORD, 401)
        phone.bind("nobody-of-this-name", OWN_PASSWORD, 401)
        self.house.call("POST", "/customers/%d/resident" % customer, {"login": "13800000999"}, expect=201)
        self.house.call("POST", "/customers/%d/resident" % self.neighbour_customer, {"login": "13800000999"}, expect=409)
        self.house.call("POST", "/customers/99999/resident", {}, expect=404)

    def test_what_is_not_ones_own_does_not_exist(self):
        for path in ("/resident/accounts/%d/usage", "/resident/accounts/%d/orders"):
            method, body = ("GET", None) if "usage" in path else ("POST", {"amount_fen": 100, "channel": "wechat", "scene": "mobile",
                                                                            "key": "somebody-else"})
            self.phone.call(method, path % self.neighbour, body, expect=404)
        self.phone.call("GET", "/resident/bills/%d" % self.neighbour_bill, expect=404)
        for part in ("bills", "payments", "charges"):
            self.assertEqual(self.phone.call("GET", "/resident/accounts/%d/%s" % (self.neighbour, part), expect=200)["items"], [])
        theirs = self.house.call("POST", "/payment-orders", {"account_id": self.neighbour, "amount_fen": 100, "channel": "wechat",
                                                             "scene": "qr", "key": self.key(), "description": "水费"}, expect=201)
        self.phone.call("GET", "/resident/orders/%d" % theirs["payment_order_id"], expect=404)
        bindings = self.house.call("GET", "/customers/%d/resident" % self.neighbour_customer, expect=200)["phones"]
        for row in bindings:
            self.phone.call("DELETE", "/resident/bindings/%d" % row["binding_id"], expect=404)

    def test_a_phone_is_no_person_and_a_person_no_phone(self):
        token = self.phone.cookie.split("=")[1]
        for method, path in (("GET", "/customers"), ("GET", "/session"), ("GET", "/bills"), ("POST", "/payments"), ("GET", "/people")):
            kept, self.house.cookie = self.house.cookie, "meterworks_session=" + token
            try:
                self.house.call(method, path, {} if method == "POST" else None, expect=401)
            finally:
                self.house.cookie = kept
            self.phone.call(method, path, {} if method == "POST" else None, expect=401)
        self.house.call("GET", "/resident/accounts", expect=401)
        self.phone.csrf, kept = "0" * 64, self.phone.csrf
        self.assertEqual(self.order_ask(expect=403)["error"]["code"], "csrf_token")
        self.phone.csrf = kept

    def test_the_home_page_says_what_there_is(self):
        session = self.phone.call("GET", "/resident/session", expect=200)
        self.assertEqual((session["organisation"], session["customers"][0]["name"]), ("云榕水务", "陈*怡"))
        items = self.phone.call("GET", "/resident/accounts", expect=200)["items"]
        self.assertEqual([row["account_id"] for row in items], [self.account, self.postpaid])
        self.assertEqual((items[1]["payment_mode"], items[1]["owed_fen"], items[1]["valve_state"]), ("postpaid", 1000, None))
        self.assertGreater(items[0]["next_report_s"], time.time())
        bill = self.phone.call("GET", "/resident/bills/%d" % self.bill, expect=200)
        self.assertEqual((bill["usage_value"], bill["amount_fen"], len(bill["lines"])), (5000000, 1000, 1))
        self.assertNotIn("customer_name", bill)
        began = time.monotonic()
        for _ in range(20):
            self.phone.call("GET", "/resident/accounts", expect=200)
        print("# home answered in %.1f ms" % ((time.monotonic() - began) * 50), flush=True)

    def test_a_payment_is_booked_once_however_often_it_is_told(self):
        before = self.balance()
        begun = self.order_ask(key="one-and-the-same")
        self.assertEqual(self.order_ask(key="one-and-the-same", expect=200)["payment_order_id"], begun["payment_order_id"])
        self.order_ask(key="one-and-the-same", amount_fen=5001, expect=409)
        order = self.until(lambda: self.order_seen(begun, "pending"), "an invitation")
        self.assertTrue(order["invitation"].startswith(self.stand_in.url + "/cash"))
        self.assertIsNone(order["receipt"])
        self.assertEqual(self.stand_in.pay(begun["trade_number"], copies=3), [200, 200, 200])
        order = self.order_seen(begun, "paid")
        self.assertEqual((order["balance_fen"], order["command_kind"]), (before + 5000, None))
        self.assertEqual(self.balance(), before + 5000)
        payments = self.phone.call("GET", "/resident/accounts/%d/payments" % self.account, expect=200)["items"]
        self.assertEqual((payments[0]["receipt"], payments[0]["method"]), (order["receipt"], "wechat"))

    def test_what_was_used_before_one_moved_in_stays_the_neighbours(self):
        before = (datetime.date.fromisoformat(self.moved_in) - datetime.timedelta(days=2)).isoformat()
        for query in ("", "?from=%s&to=%s" % (before, before), "?step=day"):
            used = self.phone.call("GET", "/resident/accounts/%d/usage%s" % (self.postpaid, query), expect=200)["items"]
            self.assertTrue(all(row["day"] >= self.moved_in or row["usage_value"] is None for row in used), used)
        self.assertEqual([row["usage_value"] for row in used][:2], [1000, 1000])

    def order_seen(self, begun, state):
        order = self.phone.call("GET", "/resident/orders/%d" % begun["payment_order_id"], expect=200)
        return order if order["state"] == state else None

    def test_amounts_that_make_no_sense_are_refused(self):
        for amount_fen in (0, -1, 5000001, 2**63, 1.5):
            self.order_ask(amount_fen=amount_fen, expect=400 if amount_fen in (2**63, 1.5) else 422)
        self.order_ask(channel="nowhere", expect=422)
        self.order_ask(scene="page", expect=422)
        for body in ({}, {"login": "100482"}, {"login": "100482", "password": ""}):
            self.phone.call("POST", "/resident/bind", body, expect=422 if "password" in body else 400)

    def test_anybody_may_pay_the_bill_whose_link_they_hold(self):
        path = self.house.call("GET", "/bills/%d/pay-link" % self.neighbour_bill, expect=200)["path"]
        self.assertTrue(path.startswith("/resident/pay?bill="), path)
        code = path.split("code=")[1]
        stranger = Phone(self.house)
        link = {"bill": self.neighbour_bill, "code": code}
        bill = stranger.call("GET", "/resident/pay?bill=%d&code=%s" % (self.neighbour_bill, code), expect=200)
        self.assertEqual((bill["name"], bill["due_fen"]), ("林*远", 1000))
        self.assertEqual(set(bill), {"number", "name", "device_kind", "from_day", "to_day", "due_day", "state", "due_fen"})
        stranger.call("GET", "/resident/pay?bill=%d&code=%s" % (self.bill, code), expect=404)
        stranger.call("GET", "/resident/pay?bill=%d&code=%s" % (self.neighbour_bill, "0" * 16), expect=404)
        begun = stranger.call("POST", "/resident/pay", {**link, "channel": "alipay", "scene": "mobile", "key": self.key()}, expect=201)
        order = self.until(lambda: (lambda seen: seen if seen["state"] == "pending" else None)(
            stranger.call("GET", "/resident/pay-orders/" + begun["trade_number"], expect=200)), "an invitation")
        self.assertNotIn("account_id", order)
        stranger.call("GET", "/resident/pay-orders/" + begun["trade_number"][:-1] + "x", expect=404)
        self.browse(order["invitation"])
        self.assertEqual(self.stand_in.pay(begun["trade_number"]), [200])
        self.assertEqual(self.house.call("GET", "/bills/%d" % self.neighbour_bill, expect=200)["state"], "paid")
        stranger.call("POST", "/resident/pay", {**link, "channel": "alipay", "scene": "mobile", "key": self.key()}, expect=409)

    def browse(self, url):
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            self.assertIn("确认支付", answer.read().decode())

    def test_begun_payments_of_one_account_are_bounded(self):
        for _ in range(30):
            if "error" in self.order_ask(account=self.postpaid, expect=None):
                break
        self.assertEqual((self.house.status, self.house.headers["Retry-After"]), (429, "1800"))

    def test_z_the_books_are_balanced(self):
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)


if __name__ == "__main__":
    unittest.main()
