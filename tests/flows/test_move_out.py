"""Contracts that end, meters that get another customer, payments put on the right account: over HTTP, with kills between."""

import subprocess
import unittest

from installation import PASSWORD, PROGRAM, Installation

TARIFF = {"items": [{"name": "water", "price": "2.00"}]}


class MoveOutTest(unittest.TestCase):
    serial = 0

    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李工", "role": "clerk",
                                           "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)
        cls.building = cls.house.add_building()
        cls.tariff = cls.house.call("POST", "/tariffs", {"name": "水价", "effective_day": "2020-01-01", "document": TARIFF},
                                    expect=201)["tariff_id"]

    @classmethod
    def tearDownClass(cls):
        cls.house.stop()
        done = subprocess.run([PROGRAM, "verify", "--data", cls.house.data], stdout=subprocess.PIPE, text=True, check=False)
        cls.house.close()
        assert done.returncode == 0, done.stdout

    def setUp(self):
        self.house.sign_in()

    def key(self):
        MoveOutTest.serial += 1
        return "key-of-test-%d" % MoveOutTest.serial

    def customer(self, name):
        return self.house.call("POST", "/customers", {"number": "c%d" % len(self.key() + name) + self.key()[-3:], "name": name},
                               expect=201)["customer_id"]

    def account(self, mode="prepaid_platform"):
        MoveOutTest.serial += 1
        number = 222000000000 + MoveOutTest.serial
        self.device = self.house.add_device(self.building, 862220000000000 + MoveOutTest.serial, "%d" % number)
        return self.house.call("POST", "/accounts", {
            "customer_id": self.customer("陈佳怡"), "device_id": self.device, "tariff_id": self.tariff,
            "payment_mode": mode}, expect=201)["account_id"]

    def pay(self, account, amount_fen):
        return self.house.call("POST", "/payments", {"account_id": account, "amount_fen": amount_fen, "method": "cash",
                                                     "key": self.key()}, expect=201)["payment_id"]

    def shown(self, account):
        return self.house.call("GET", "/accounts/%d" % account, expect=200)

    def balance(self, account):
        return self.shown(account)["balance_fen"]

    def meter_reads(self, total_value, age_s=0):
        """The newest reading of the meter, so long ago."""
        now_s = self.house.call("GET", "/clock", expect=200)["now_s"] - age_s
        self.house.stop()
        with self.house.database() as database:
            database.execute("INSERT INTO device_state (device_id, register_value, total_value, register_s, last_report_s)"
                             " VALUES (?, ?, ?, ?, ?) ON CONFLICT (device_id) DO UPDATE SET register_value = excluded.register_value,"
                             " total_value = excluded.total_value, register_s = excluded.register_s, last_report_s = excluded.last_report_s", (self.device, total_value, total_value, now_s, now_s))
        self.house.start()
        self.house.sign_in()

    def close(self, account, expect=202, **more):
        return self.house.call("POST", "/accounts/%d/closings" % account,
                               {"kind": "move_out", "reading": "meter", "reason": "退租", "key": self.key(), **more}, expect=expect)

    def approve(self, asked, expect=200):
        self.house.sign_in("second")
        answer = self.house.call("POST", "/approvals/%d/approve" % asked["approval_id"], {}, expect=expect)
        self.house.sign_in()
        return answer

    def figures(self, answer):
        return {figure["name"]: figure["value"] for figure in answer["figures"]}

    def test_money_in_an_exchanged_meter_waits_for_two_people(self):
        account = self.account("prepaid_meter")
        self.pay(account, 5000)
        self.house.stop()
        with self.house.database() as database:
            database.execute("UPDATE command SET state = 'verified', tries = 1, finished_s = requested_s WHERE device_id = ?", (self.device,))
        self.house.start()
        self.house.sign_in()
        self.pay(account, 700)  # never leaves for the old meter
        exchanged = self.house.call("POST", "/devices/%d/exchange" % self.device, {
            "old_end_value": 0, "new_start_value": 0, "new_meter_number": "222099999999", "new_imei": 862220000099999,
            "reason": "液晶损坏"}, expect=201)["device_id"]
        carry, = self.house.call("GET", "/accounts/%d/meter-carries" % account, expect=200)["items"]
        self.assertEqual((carry["books_fen"], carry["shown_fen"], carry["state"]), (5000, None, "asked"))
        shown = self.house.call("GET", "/approvals/%d" % carry["approval_id"], expect=200)
        self.assertEqual((shown["kind"], shown["subject"], self.figures(shown)),
                         ("meter_carry", carry["from_meter_number"], {"meter_books": 5000, "carried": 5000, "meter_drift": 0}))
        self.house.call("POST", "/meter-carries/%d/ask" % carry["money_carry_id"], {"amount_fen": 1, "reason": "x"}, expect=409)
        self.house.call("POST", "/approvals/%d/refuse" % carry["approval_id"], {"reason": "表显 49.00"}, expect=200)
        self.assertEqual(self.close(account, expect=409, leave_meter=True)["error"]["code"], "carry_waits")
        carry = self.house.call("POST", "/meter-carries/%d/ask" % carry["money_carry_id"], {"amount_fen": 4900, "reason": "表显"}, expect=200)
        self.approve(carry)
        self.assertEqual(self.house.call("GET", "/accounts/%d/meter-carries" % account, expect=200)["items"][0]["state"], "done")
        self.house.until("/devices/%d/commands" % exchanged, lambda seen: sum(row["amount_fen"] for row in seen["items"]) == 5600)

    def test_move_out_pays_what_is_left(self):
        account = self.account()
        self.pay(account, 10000)
        self.house.call("POST", "/accounts/%d/deposits" % account, {"amount_fen": 3000, "key": self.key()}, expect=201)
        self.house.call("POST", "/accounts/%d/deposits" % account, {"amount_fen": 7001, "key": self.key()}, expect=409)
        refused = self.close(account, expect=409)
        self.assertEqual(refused["error"]["code"], "reading_old")
        self.meter_reads(10_000_000)
        preview = self.house.call("POST", "/accounts/%d/closings/preview" % account,
                                  {"kind": "move_out", "reading": "meter", "rest": "cash"}, expect=200)
        self.assertEqual(self.figures(preview), {"reading": 10_000_000, "balance": 7000, "final_use": -2000, "deposit": 3000,
                                                 "left": 8000, "pay_by_cash": 8000})
        self.assertEqual(self.balance(account), 7000)
        asked = self.close(account, rest="cash")
        self.assertEqual(self.figures(asked), self.figures(preview))
        self.close(account, expect=409)
        self.house.call("POST", "/approvals/%d/approve" % asked["approval_id"], {}, expect=409)
        self.pay(account, 500)
        changed = self.approve(asked, expect=409)
        self.assertEqual(changed["error"]["code"], "figures_changed")
        shown = self.house.call("GET", "/approvals/%d" % asked["approval_id"], expect=200)
        self.assertEqual([f["name"] for f in shown["figures"] if f["changed"]], ["balance", "left", "pay_by_cash"])
        self.house.call("POST", "/approvals/%d/refuse" % asked["approval_id"], {"reason": "重新申请"}, expect=200)
        asked = self.close(account, rest="cash")
        self.house.kill()
        self.house.start()
        self.approve(asked)
        self.house.kill()
        self.house.start()
        self.house.sign_in()
        self.assertEqual(self.balance(account), 0)
        self.assertIsNotNone(self.shown(account)["closed_s"])
        closing = self.house.call("GET", "/closings/%d" % asked["closing_id"], expect=200)
        refund = self.house.call("GET", "/refunds/%d" % closing["refund_id"], expect=200)
        self.assertEqual((closing["state"], refund["amount_fen"], refund["progress"]), ("done", 8500, "done"))
        # The meter is free, and its next customer pays from where this one ended.
        successor = self.house.call("POST", "/accounts", {"customer_id": self.customer("新"), "device_id": self.device,
                                                          "tariff_id": self.tariff, "payment_mode": "postpaid"}, expect=201)
        self.assertEqual(successor["settled_day"], closing["to_day"])

    def test_a_debt_is_shown_and_typed_readings_count(self):
        account = self.account("postpaid")
        self.meter_reads(0, age_s=3 * 86400)
        asked = self.close(account, reading="typed", register_value=5_000_000)
        self.assertEqual(self.figures(asked)["debt"], -1000)
        self.approve(asked)
        self.assertEqual(self.balance(account), -1000)
        bill = self.house.call("GET", "/bills?account_id=%d" % account, expect=200)["items"][0]
        self.assertEqual((bill["amount_fen"], bill["state"]), (1000, "issued"))
        body = {"account_id": account, "method": "cash"}
        self.house.call("POST", "/payments", {**body, "amount_fen": 1001, "key": self.key()}, expect=409)
        self.house.call("POST", "/payments", {**body, "amount_fen": 1000, "key": self.key()}, expect=201)
        self.assertEqual(self.house.call("GET", "/bills/%d" % bill["bill_id"], expect=200)["state"], "paid")

    def test_tenant_change_takes_the_balance_along(self):
        account = self.account()
        self.meter_reads(0, age_s=3 * 86400)
        self.pay(account, 6000)
        body = {"kind": "tenant_change", "reading": "typed", "register_value": 1_000_000, "move_balance": True}
        self.assertEqual(self.close(account, expect=422, **body)["error"]["code"], "new_customer")
        asked = self.close(account, new_customer_id=self.customer("林志远"), **body)
        self.approve(asked)
        closing = self.house.call("GET", "/closings/%d" % asked["closing_id"], expect=200)
        self.assertEqual((self.balance(account), self.balance(closing["new_account_id"])), (0, 5800))
        self.assertEqual(self.shown(closing["new_account_id"])["device_id"], self.device)

    def test_a_wrong_payment_goes_to_the_right_account(self):
        wrong, right = self.account(), self.account()
        payment = self.pay(wrong, 4000)
        body = {"to_account_id": right, "reason": "缴错户", "key": self.key()}
        path = "/payments/%d/moves" % payment
        self.house.call("POST", path, {**body, "amount_fen": 4001, "key": self.key()}, expect=409)
        self.house.call("POST", path, {**body, "to_account_id": wrong, "key": self.key()}, expect=409)
        asked = self.house.call("POST", path, body, expect=202)
        self.assertTrue(self.house.call("POST", path, body, expect=200)["duplicate"])
        self.approve(asked)
        self.assertEqual((self.balance(wrong), self.balance(right)), (0, 4000))
        spent = self.pay(wrong, 2000)
        self.house.call("PUT", "/settings/refund_release_above_fen", {"value": "100000"}, expect=200)
        self.house.call("POST", "/accounts/%d/refunds" % wrong, {"amount_fen": 1500, "key": self.key(), "reason": "退",
                                                                 "rest": "cash"}, expect=201)
        body = {"to_account_id": right, "reason": "缴错户", "key": self.key()}
        refused = self.house.call("POST", "/payments/%d/moves" % spent, body, expect=409)
        self.assertEqual(refused["error"]["code"], "money_spent")
        asked = self.house.call("POST", "/payments/%d/moves" % spent, {**body, "into_debt": True}, expect=202)
        self.approve(asked)
        self.assertEqual((self.balance(wrong), self.balance(right)), (-1500, 6000))


if __name__ == "__main__":
    unittest.main()
