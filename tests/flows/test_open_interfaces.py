"""The eleven open interfaces by a partner's own program, and every way a call can go wrong that the page names."""

import http.client
import json
import subprocess
import threading
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import PASSWORD, PROGRAM, Installation
from open_client import OpenClient
from test_report import last_midnight
from waiting import PATIENCE_S

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}
ALL = list(range(1, 12))


class OpenHouse(Installation):
    """An installation with homes in two buildings, partners and their clients."""

    def begin(self):
        self.start()
        self.sign_in()
        self.building, self.other_building = self.add_building("3栋"), self.add_building("5栋")
        self.tariff = self.call("POST", "/tariffs", {"name": "居民生活用水", "effective_day": "2020-01-01",
                                                     "document": TARIFF}, expect=201)["tariff_id"]
        self.homes = 0
        self.began_s = time.time()
        return self

    def add_home(self, building=None, mode="prepaid_platform", **more):
        """A meter with a customer: its device_id."""
        self.homes += 1
        device = self.add_device(building or self.building, 862220000000200 + self.homes, "2220000002%02d" % self.homes,
                                 installed_s=int(time.time()) - 90 * 86400)
        customer = self.call("POST", "/customers", {"number": "10%04d" % self.homes, "name": "陈佳怡",
                                                     "phones": "13800000417"}, expect=201)["customer_id"]
        self.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": self.tariff,
                                        "payment_mode": mode, "low_balance_fen": 0, **more}, expect=201)
        return device

    def add_partner(self, **more):
        """Signed requests of the second in which the server began are refused: nobody remembers their nonces."""
        while more.get("is_signed") and time.time() < self.began_s + 2:
            self.call("GET", "/session", expect=200)
        return self.call("POST", "/partners", {"name": "物业平台", "area_id": self.building, "interfaces": ALL,
                                               "per_minute": 6000, **more}, expect=201)["partner_id"]

    def add_token(self, partner, **more):
        return self.call("POST", "/partners/%d/tokens" % partner, more, expect=201)

    def client(self, signed=False, **more):
        """A new partner's program."""
        partner = self.add_partner(is_signed=signed, **more)
        token = self.add_token(partner)
        client = OpenClient(self.http_port, token["token"], token["secret"] if signed else None)
        client.partner, client.token_id = partner, token["token_id"]
        return client

    def audit(self, action):
        return self.call("GET", "/audit?action=%s&limit=200" % action, expect=200)["items"]


class OpenInterfacesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = OpenHouse().begin()
        cls.home = cls.house.add_home()
        cls.meter_home = cls.house.add_home(mode="prepaid_meter")
        cls.far_home = cls.house.add_home(cls.house.other_building)
        cls.client = cls.house.client()

    @classmethod
    def tearDownClass(cls):
        cls.house.stop()
        verified = subprocess.run([PROGRAM, "verify", "--data", cls.house.data], capture_output=True, text=True)
        cls.house.close()
        assert verified.returncode == 0, verified.stdout + verified.stderr

    def call(self, name, expect="ok", **members):
        return self.client.call(name, expect, **members)

    def top_up(self, number, expect="ok", **more):
        return self.call("/top-up", expect, **{"device_id": self.home, "amount_fen": 100, "trade_number": number, **more})

    def balance(self, device=None):
        return self.call("/device/balance", device_id=device or self.home)["remaining_fen"]

    # 1 and 2
    def test_what_is_left_and_was_used(self):
        home = self.house.add_home()
        asleep = self.call("/device/balance", device_id=home)
        self.assertEqual((asleep["used_value"], asleep["remaining_fen"], asleep["unit"]), (None, 0, "ml"))
        device = Device(self.house.coap_port, 862220000000200 + self.house.homes)
        self.addCleanup(device.close)
        device.register()
        report = Report(int(time.time()), 7817, last_midnight(), [7000, 6900, 6800, 6700, 6600, 6500, 6400])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        one = self.call("/device/balance", device_id=home)
        state = self.house.call("GET", "/devices/%d" % home, expect=200)
        self.assertEqual((one["used_value"], one["register_value"]), (state["total_value"], 7817000))
        rows = self.call("/devices/balance", limit=200)
        mine = [row for row in rows["items"] if row["device_id"] == home]
        self.assertEqual(mine, [one])
        self.assertNotIn(self.far_home, [row["device_id"] for row in rows["items"]])
        self.assertEqual(rows["items"], self.pages("/devices/balance"))

    def pages(self, name, **members):
        """All rows, one a page."""
        items, cursor = [], None
        while True:
            page = self.call(name, limit=1, **members, **({"cursor": int(cursor)} if cursor else {}))
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items

    # 3 and 4
    def test_a_top_up_is_booked_once_and_says_so_as_often_as_it_is_asked(self):
        before = self.balance()
        first = self.top_up("T-2026-0001", amount_fen=5000)
        self.assertEqual((first["state"], first["repeated"], first["balance_fen"]), ("credited", False, before + 5000))
        again = self.top_up("T-2026-0001", amount_fen=5000)
        self.assertEqual(again, {**first, "repeated": True})
        result = self.call("/top-up/result", device_id=self.home, trade_number="T-2026-0001")
        self.assertEqual({**result, "repeated": False}, first)
        self.assertEqual(self.balance(), before + 5000)
        self.assertEqual(result["method"], "partner")

    def test_money_for_a_meter_that_holds_it_is_under_way_until_the_meter_says_so(self):
        done = self.top_up("T-meter-0001", device_id=self.meter_home, amount_fen=5000)
        self.assertEqual((done["state"], done["command_kind"], done["command_state"]), ("under_way", "recharge", "queued"))
        self.assertIn("note", done)
        result = self.call("/top-up/result", device_id=self.meter_home, trade_number="T-meter-0001")
        self.assertEqual(result["state"], "under_way")
        self.assertIsNone(self.balance(self.meter_home))

    def test_the_same_number_with_other_content_is_refused(self):
        self.top_up("T-other-0001")
        before = self.balance()
        self.top_up("T-other-0001", "trade_number_reused", amount_fen=101)
        self.assertEqual(self.client.status, 409)
        self.top_up("T-other-0001", "trade_number_reused", device_id=self.meter_home)
        self.assertEqual(self.balance(), before)

    def test_numbers_of_two_partners_do_not_meet(self):
        other = self.house.client()
        before = self.balance()
        self.top_up("T-shared-0001")
        other.call("/top-up", device_id=self.home, amount_fen=200, trade_number="T-shared-0001")
        self.assertEqual(self.balance(), before + 300)

    def test_what_is_no_amount_books_nothing(self):
        before = self.balance()
        for amount, reason in ((0, "out_of_range"), (-1, "out_of_range"), (100000001, "out_of_range"),
                               (2 ** 63, "bad_json"), (2 ** 62, "out_of_range"), (1.5, "wrong_type"), (100.0, "wrong_type"),
                               ("100", "wrong_type"), ("100abc", "wrong_type"), (True, "wrong_type"),
                               ([100], "wrong_type"), (None, "wrong_type")):
            self.top_up("T-amount-0001", reason, amount_fen=amount)
            self.assertIn(self.client.status, (400, 422))
        self.top_up("T-amount-0001", "not_a_choice", currency="USD")
        self.top_up("T-amount-0001", currency="CNY")
        self.assertEqual(self.balance(), before + 100)

    def test_what_is_no_number_books_nothing(self):
        for number in ("short", "x" * 33, "with space", "冒号冒号", "a:b:c:d", "nul\u0000nul"):
            reason = "bad_json" if "\0" in number else "trade_number_form"
            if len(number.encode()) not in range(6, 33):
                reason = "out_of_range"
            self.top_up(number, reason)
        self.call("/top-up", "missing_field", device_id=self.home, amount_fen=1)

    def test_an_unknown_outcome_can_be_asked_for(self):
        """A callback before our commit: nothing is there yet, and it is safe to send again."""
        self.call("/top-up/result", "trade_unknown", device_id=self.home, trade_number="T-lost-0001")
        self.assertEqual(self.client.status, 404)
        self.top_up("T-lost-0001")
        self.assertEqual(self.call("/top-up/result", device_id=self.home, trade_number="T-lost-0001")["amount_fen"], 100)
        self.call("/top-up/result", "trade_unknown", device_id=self.meter_home, trade_number="T-lost-0001")

    def test_twenty_at_once_are_one(self):
        before = self.balance()
        answers = []

        def send():
            answers.append(OpenClient(self.house.http_port, self.client.token).call(
                "/top-up", device_id=self.home, amount_fen=777, trade_number="T-parallel-1"))

        threads = [threading.Thread(target=send) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({answer["receipt"] for answer in answers}), 1)
        self.assertEqual(sorted(answer["repeated"] for answer in answers), [False] + [True] * 19)
        self.assertEqual(self.balance(), before + 777)

    def test_accounts_that_are_closed_or_were_never_there(self):
        bare = self.house.add_device(self.house.building, 862220000000999, "222000000999")
        self.top_up("T-nobody-0001", "no_account", device_id=bare)
        self.assertEqual(self.client.status, 409)
        home = self.house.add_home()
        device = Device(self.house.coap_port, 862220000000200 + self.house.homes)
        self.addCleanup(device.close)
        device.register()
        report = Report(int(time.time()), 5000, last_midnight(), [5000] * 7)
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        booked = self.top_up("T-closing-0001", device_id=home)
        account = self.house.call("GET", "/devices/%d" % home, expect=200)["account"]["account_id"]
        asked = self.house.call("POST", "/accounts/%d/closings" % account, {
            "kind": "move_out", "reading": "meter", "rest": "cash", "reason": "退租", "key": "closing-of-a-partner"}, expect=202)
        self.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                            "password": PASSWORD, "area_id": self.house.root_area()}, expect=201)
        self.addCleanup(self.house.sign_in)
        self.house.sign_in("second")
        self.house.call("POST", "/approvals/%d/approve" % asked["approval_id"], {}, expect=200)
        self.top_up("T-closing-0002", "account_closed", device_id=home)
        self.assertEqual(self.client.status, 409)
        self.assertEqual(self.top_up("T-closing-0001", device_id=home)["receipt"], booked["receipt"])

    # 5 and 6
    def test_who_the_customer_is_is_masked_unless_granted(self):
        masked = self.call("/customer", device_id=self.home)
        self.assertEqual((masked["customer_name"], masked["phones"]), ("陈*怡", "138****0417"))
        self.assertEqual(masked["payment_mode"], "prepaid_platform")
        seeing = self.house.client(reveal=True)
        before = len(self.house.audit("partner.customer_read"))
        self.assertEqual(seeing.call("/customer", device_id=self.home)["phones"], "13800000417")
        self.assertEqual(len(self.house.audit("partner.customer_read")), before + 1)

    def test_who_runs_short(self):
        poor, rich = self.house.add_home(), self.house.add_home()
        self.top_up("T-poor-0001", device_id=poor, amount_fen=900)
        self.top_up("T-rich-0001", device_id=rich, amount_fen=90000)
        low = {row["device_id"]: row for row in self.call("/customers/low", below_fen=1000, limit=200)["items"]}
        self.assertEqual(low[poor]["remaining_fen"], 900)
        self.assertNotIn(rich, low)
        self.call("/customers/low", "missing_field")

    # 7 and 8
    def test_use_by_month_and_by_day(self):
        home = self.house.add_home()
        device = Device(self.house.coap_port, 862220000000200 + self.house.homes)
        self.addCleanup(device.close)
        device.register()
        report = Report(int(time.time()), 9000, last_midnight(), [8000, 7500, 7000, 6000, 5000, 4000, 3000])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        day = time.gmtime(last_midnight() + 8 * 3600 - 86400)
        month = time.strftime("%Y-%m", day)
        days = self.call("/usage/daily", device_ids=[home, self.home], month=month)["items"]
        self.assertEqual([row["device_id"] for row in days], [home, self.home])
        used = {row["day"]: row["used_value"] for row in days[0]["days"]}
        self.assertEqual(used[time.strftime("%Y-%m-%d", day)], 500000)
        self.assertIsNone(days[1]["days"][0]["used_value"])
        months = self.call("/usage/monthly", device_ids=[home], from_month=month)["items"][0]["months"]
        self.assertEqual(months[0]["month"], month)
        self.assertEqual(months[0]["used_value"], sum(value for value in used.values() if value))
        for wrong in ("2026-13", "2026-1", "2026/01", "abcdefg"):
            self.call("/usage/daily", "month_form" if len(wrong) == 7 else "out_of_range", device_ids=[home], month=wrong)
        self.call("/usage/monthly", "month_form", device_ids=[home], from_month="2020-01", to_month="2026-01")
        self.call("/usage/daily", "out_of_range", device_ids=list(range(1, 52)), month=month)
        self.call("/usage/daily", "device_unknown", device_ids=[self.far_home], month=month)

    # 9
    def test_top_ups_are_listed_with_our_numbers_and_without_those_of_others(self):
        home = self.house.add_home()
        account = self.house.call("GET", "/devices/%d" % home, expect=200)["account"]["account_id"]
        self.top_up("T-list-0001", device_id=home)
        self.house.call("POST", "/payments", {"account_id": account, "amount_fen": 300, "method": "cash",
                                              "key": "at-the-counter"}, expect=201)
        other = self.house.client()
        other.call("/top-up", device_id=home, amount_fen=500, trade_number="T-list-0002")
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        rows = self.call("/top-ups", device_ids=[home], from_day=today)["items"]
        self.assertEqual([(row["trade_number"], row["method"], row["amount_fen"]) for row in rows],
                         [("T-list-0001", "partner", 100), (None, "cash", 300), (None, "partner", 500)])
        self.assertEqual(self.call("/top-ups", device_ids=[home], from_day="2020-01-01", to_day="2020-12-31")["items"], [])
        self.assertEqual(self.call("/top-ups", device_ids=[self.far_home], from_day=today)["items"], [])

    # 10
    def test_abnormal_devices_say_what_is_wrong(self):
        home = self.house.add_home()
        device = Device(self.house.coap_port, 862220000000200 + self.house.homes)
        self.addCleanup(device.close)
        device.register()
        report = Report(int(time.time()), 5000, last_midnight(), [5000] * 7, alarms=2)
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        rows = {row["device_id"]: row for row in self.call("/devices/abnormal", limit=200)["items"]}
        self.assertTrue(rows[home]["alarm"] or rows[home]["fault"])
        self.assertTrue(rows[home]["events"])

    # 11
    def control(self, number, mode="close", expect="ok", **more):
        return self.call("/device/mode", expect, **{"device_id": self.home, "mode": mode, "request_number": number,
                                                    "reason": "合同到期", **more})

    def test_control_tells_how_far_it_is_and_is_asked_once(self):
        first = self.control("C-0000001")
        self.assertEqual((first["state"], first["command_kind"], first["repeated"]), ("queued", "close_valve", False))
        again = self.control("C-0000001")
        self.assertEqual((again["command_id"], again["repeated"]), (first["command_id"], True))
        self.control("C-0000001", "open", "request_number_reused")
        command = self.house.call("GET", "/commands/%d" % first["command_id"], expect=200)
        self.assertEqual((command["requested_by_name"], command["reason"]), ("物业平台", "合同到期"))
        self.control("C-0000002", "explode", "not_a_choice")

    def test_a_partner_closes_only_so_many_a_day(self):
        careful = self.house.client(closings_per_day=1)
        homes = [self.house.add_home() for _ in range(2)]
        asked = {"mode": "close", "device_id": homes[0], "request_number": "C-limit-01"}
        careful.call("/device/mode", **asked)
        careful.call("/device/mode", "closing_limit", **{**asked, "device_id": homes[1], "request_number": "C-limit-02"})
        careful.call("/device/mode", **asked)
        careful.call("/device/mode", **{**asked, "mode": "open", "request_number": "C-limit-03"})

    # who calls, and from where
    def test_what_lies_elsewhere_is_unknown(self):
        for name, more in (("/device/balance", {}), ("/customer", {}),
                           ("/top-up", {"amount_fen": 1, "trade_number": "T-far-0001"}),
                           ("/device/mode", {"mode": "open", "request_number": "C-far-0001"})):
            self.call(name, "device_unknown", device_id=self.far_home, **more)
            self.assertEqual(self.client.status, 404)
            self.call(name, "device_unknown", device_id=99999, **more)

    def test_a_partner_of_named_devices_has_these_alone(self):
        named = self.house.client(device_ids=[self.home])
        self.assertEqual([row["device_id"] for row in named.call("/devices/balance")["items"]], [self.home])
        named.call("/device/balance", "device_unknown", device_id=self.meter_home)
        named.call("/top-up", "device_unknown", device_id=self.meter_home, amount_fen=1, trade_number="T-named-1")
        self.house.call("POST", "/partners", {"name": "x", "area_id": self.house.building, "interfaces": [1],
                                              "device_ids": [self.far_home, 99999]}, expect=404)
        self.house.call("PATCH", "/partners/%d" % named.partner, {"all_devices": True}, expect=200)
        named.call("/device/balance", device_id=self.meter_home)

    def test_an_interface_that_was_not_granted(self):
        reader = self.house.client(interfaces=[1, 2, 10])
        reader.call("/device/balance", device_id=self.home)
        reader.call("/devices/abnormal")
        reader.call("/top-up", "interface_not_granted", device_id=self.home, amount_fen=1, trade_number="T-reader-1")
        self.assertEqual(reader.status, 403)
        for wrong in ([0], [12], [1, 2, 123]):
            self.house.call("POST", "/partners", {"name": "x", "area_id": self.house.building, "interfaces": wrong},
                            expect=422)

    def test_tokens_end(self):
        partner = self.house.add_partner()
        tokens = [self.house.add_token(partner) for _ in range(2)]
        old, new = (OpenClient(self.house.http_port, token["token"]) for token in tokens)
        sent = {"device_id": self.home, "amount_fen": 60, "trade_number": "T-rotate-1"}
        first = old.call("/top-up", **sent)
        self.assertEqual(new.call("/top-up", **sent), {**first, "repeated": True})
        self.house.call("POST", "/partner-tokens/%d/revoke" % tokens[0]["token_id"], {"reason": "轮换"}, expect=200)
        old.call("/device/balance", "token_revoked", device_id=self.home)
        self.assertEqual(old.status, 401)
        new.call("/device/balance", device_id=self.home)
        self.house.call("PATCH", "/partners/%d" % partner, {"disabled": True}, expect=200)
        new.call("/device/balance", "partner_disabled", device_id=self.home)
        shown = self.house.call("GET", "/partners/%d" % partner, expect=200)
        self.assertNotIn(tokens[1]["token"], json.dumps(shown))
        self.assertEqual([token["hint"] for token in shown["tokens"]], [tokens[1]["hint"], tokens[0]["hint"]])
        self.assertTrue(shown["tokens"][0]["used_s"])
        self.assertEqual(shown["tokens"][0]["used_from"], "127.0.0.1")
        for action in ("partner.create", "partner.token_add", "partner.token_revoke", "partner.change", "payment.take"):
            self.assertTrue(self.house.audit(action), action)

    def test_a_token_that_ends_in_the_middle_of_a_batch(self):
        partner = self.house.add_partner()
        old, new = (OpenClient(self.house.http_port, self.house.add_token(partner)["token"]) for _ in range(2))
        before, sent = self.balance(), [{"device_id": self.home, "amount_fen": 70, "trade_number": "T-batch-%04d" % turn}
                                        for turn in range(4)]
        for top_up in sent[:2]:
            old.call("/top-up", **top_up)
        with self.house.database() as database:
            database.execute("UPDATE partner_token SET expires_s = ? WHERE token_id = (SELECT min(token_id) FROM partner_token"
                             " WHERE partner_id = ?)", (int(time.time()), partner))
        old.call("/top-up", "token_expired", **sent[2])
        self.assertEqual((old.status, self.balance()), (401, before + 140))
        self.assertEqual([new.call("/top-up", **top_up)["repeated"] for top_up in sent], [True, True, False, False])
        self.assertEqual(self.balance(), before + 280)

    def test_a_ninth_good_token_is_refused(self):
        partner = self.house.add_partner()
        tokens = [self.house.add_token(partner) for _ in range(8)]
        self.house.call("POST", "/partners/%d/tokens" % partner, {}, expect=409)
        self.house.call("POST", "/partner-tokens/%d/revoke" % tokens[0]["token_id"], {}, expect=200)
        self.house.add_token(partner)

    def test_a_partner_cannot_sign_in_and_is_no_person(self):
        people = self.house.call("GET", "/people", expect=200)["items"]
        self.assertEqual([person["login"] for person in people if ":" in person["login"]], [])
        guest = Installation.__new__(Installation)
        guest.http_port, guest.cookie = self.house.http_port, None
        guest.call("POST", "/session", {"login": "partner:1", "password": "!"}, expect=401)
        guest.call("GET", "/devices", expect=401, headers={"Authorization": "Bearer " + self.client.token})

    def test_from_where_a_partner_may_call(self):
        self.house.client(networks="127.0.0.0/8, ::1").call("/devices/balance")
        away = self.house.client(networks="192.0.2.0/24")
        away.call("/devices/balance", "network_refused")
        self.assertEqual(away.status, 403)
        # Behind a proxy of this machine the partner's own address counts, which the proxy names last.
        away.call("/devices/balance", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})
        away.call("/devices/balance", "network_refused", headers={"X-Forwarded-For": "192.0.2.7, 203.0.113.9"})
        # Some proxies write a header of their own behind the client's instead of into it.
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        body = json.dumps({"token": away.token}).encode()
        connection.putrequest("POST", "/open/v1/devices/balance")
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("X-Forwarded-For", "192.0.2.7"),
                            ("x-forwarded-for", "203.0.113.9")):
            connection.putheader(name, value)
        connection.endheaders(body)
        self.assertEqual(connection.getresponse().status, 403)
        connection.close()
        for wrong in ("300.0.0.1", "10.0.0.0/33", "10.0.0.0/", "a", "1.1.1.1,", ",".join(["1.1.1.1"] * 17)):
            self.house.call("POST", "/partners", {"name": "x", "area_id": self.house.building, "interfaces": [1],
                                                  "networks": wrong}, expect=422)

    def test_too_many_requests(self):
        slow = self.house.client(per_minute=3)
        for _ in range(3):
            slow.call("/devices/balance")
        slow.call("/devices/balance", "too_many_requests")
        self.assertEqual(slow.status, 429)
        self.assertIn(int(slow.headers["Retry-After"]), range(1, 22))

    def test_signatures(self):
        signer = self.house.client(signed=True)
        signer.call("/device/balance", device_id=self.home)
        signer.call("/device/balance", "signature_missing", signed=False, device_id=self.home)
        body = json.dumps({"token": signer.token, "device_id": self.home}).encode()
        path = "/open/v1/device/balance"
        good = signer.signed_headers(path, body)
        for name, sent, raw, reason in (
                ("good", good, body, "ok"),
                ("replayed", good, body, "nonce_repeated"),
                ("another body", signer.signed_headers(path, body), body + b" ", "signature_wrong"),
                ("another path", signer.signed_headers("/open/v1/customer", body), body, "signature_wrong"),
                ("six minutes late", signer.signed_headers(path, body, int(time.time()) - 360), body, "timestamp_skew"),
                ("six minutes early", signer.signed_headers(path, body, int(time.time()) + 360), body, "timestamp_skew"),
                ("no time", signer.signed_headers(path, body, "soon"), body, "timestamp_skew"),
                ("a short nonce", signer.signed_headers(path, body, None, "7"), body, "signature_missing"),
                ("upper case", {**signer.signed_headers(path, body), "X-Meterworks-Signature": "SM3=00"}, body,
                 "signature_wrong")):
            self.assertEqual(signer.send("/device/balance", raw, sent)[2]["code"], reason, name)

    def test_what_is_no_request(self):
        body = json.dumps({"token": self.client.token, "device_id": self.home})
        for name, raw, reason in (
                ("cut off", body[:-1].encode(), "bad_json"), ("no object", b"[]", "body_not_object"),
                ("empty", b"", "bad_json"), ("of another encoding", body.replace("}", ', "x":"中文"}').encode("gbk"), "bad_json"),
                ("twice", body.replace("}", ',"device_id":1}').encode(), "bad_json"),
                ("too large", body.encode() + b" " * 65536, "body_too_large"),
                ("deep", body.replace("}", ',"x":' + "[" * 5000 + "]" * 5000 + "}").encode(), "bad_json"),
                ("with more members", body.replace("}", ',"extra":{"a":[1,2]}}').encode(), "ok")):
            self.assertEqual(self.client.send("/device/balance", raw, {})[2]["code"], reason, name)
        self.assertEqual(self.client.send("/nowhere", b"{}", {})[2]["code"], "no_such_path")
        self.assertEqual(self.client.send("/device/balance", body.encode(), {"Content-Type": "text/plain"})[2]["code"],
                         "body_type")
        self.house.call("GET", "/../../open/v1/device/balance", expect=400)

    def test_the_language_of_the_answer(self):
        for language, text in (("en", "There is no such device for this token"), ("zh", "该令牌下没有这个设备")):
            status, _, answer = self.client.send("/device/balance", json.dumps({"token": self.client.token,
                                                 "device_id": 99999}).encode(), {"Accept-Language": language})
            self.assertEqual((status, answer["message"]), (404, text))

    def test_the_token_may_stand_in_the_header(self):
        answer = self.client.send("/device/balance", json.dumps({"device_id": self.home}).encode(),
                                  {"Authorization": "Bearer " + self.client.token})[2]
        self.assertEqual(answer["code"], "ok")


if __name__ == "__main__":
    unittest.main()
