"""The cash desk: shifts from their float to their count, payments undone by two people, cash brought to the bank."""

import subprocess
import time
import unittest

from installation import PASSWORD, PROGRAM, Installation

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}


class CashShiftTest(unittest.TestCase):
    serial = 0
    seats = {}

    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.sit("admin")
        cls.building = cls.house.add_building()
        cls.tariff = cls.house.call("POST", "/tariffs", {"name": "水价", "effective_day": "2020-01-01", "document": TARIFF},
                                    expect=201)["tariff_id"]
        for login in ("wang", "zhang", "li"):
            cls.house.call("POST", "/people", {"login": login, "display_name": login, "role": "clerk",
                                               "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def setUp(self):
        self.sit("wang")
        self.account = self.account_add()

    def tearDown(self):
        """Nobody's shift outlives a test, and the books are sound after every one."""
        self.sit("admin")
        for state in ("open", "counted"):
            for shift in self.call("GET", "/cash-shifts?state=" + state, expect=200)["items"]:
                self.call("POST", "/cash-shifts/%d/close" % shift["shift_id"],
                          {"counted_fen": shift["expected_fen"]}, expect=200)
        self.assertTrue(self.call("GET", "/ledger/trial-balance", expect=200)["balanced"])
        self.assertEqual(self.cash("counter"), 0)

    @classmethod
    def sit(cls, login):
        """Be this person from now on; a sign-in costs its second only once."""
        if login not in cls.seats:
            cls.house.sign_in(login)
            cls.seats[login] = (cls.house.cookie, cls.house.csrf)
        cls.house.cookie, cls.house.csrf = cls.seats[login]

    def call(self, *arguments, **more):
        return self.house.call(*arguments, **more)

    def number(self):
        CashShiftTest.serial += 1
        return CashShiftTest.serial

    def account_add(self, mode="prepaid_platform"):
        serial = self.number()
        self.sit("admin")
        device = self.house.add_device(self.building, 862220000000000 + serial, "222%09d" % serial)
        customer = self.call("POST", "/customers", {"number": "C%d" % serial, "name": "陈佳怡"}, expect=201)["customer_id"]
        account = self.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": self.tariff,
                                                  "payment_mode": mode}, expect=201)["account_id"]
        self.sit("wang")
        return account

    def pay(self, amount_fen, method="cash", expect=201):
        body = {"account_id": self.account, "amount_fen": amount_fen, "method": method, "key": "shift-pay-%d" % self.number()}
        return self.call("POST", "/payments", body, expect=expect)

    def shift_open(self, float_fen=20000):
        return self.call("POST", "/cash-shifts", {"float_fen": float_fen}, expect=201)["shift_id"]

    def shift(self, shift_id):
        return self.call("GET", "/cash-shifts/%d" % shift_id, expect=200)

    def close(self, shift_id, counted_fen, reason="", expect=200, **more):
        return self.call("POST", "/cash-shifts/%d/close" % shift_id, {"counted_fen": counted_fen, "reason": reason, **more},
                         expect=expect)

    def balance(self):
        return self.call("GET", "/accounts/%d" % self.account, expect=200)["balance_fen"]

    def ledger(self, kind, name):
        rows = self.call("GET", "/ledger/accounts?kind=" + kind, expect=200)["items"]
        return sum(row["balance_fen"] for row in rows if row["name"] == name)

    def cash(self, name):
        """Cash grows negative in the ledger."""
        return -self.ledger("cash", name)

    def test_a_shift_is_opened_counted_and_handed_over(self):
        safe = self.cash("safe")
        shift_id = self.shift_open()
        self.pay(10000)
        self.pay(2550)
        self.pay(5000, "card")
        shift = self.shift(shift_id)
        self.assertEqual((shift["payments"], shift["cash_fen"], shift["other_fen"], shift["expected_fen"]),
                         (3, 12550, 5000, 32550))
        self.assertEqual({row["method"]: row["amount_fen"] for row in shift["methods"]}, {"cash": 12550, "card": 5000})
        self.assertEqual(self.cash("counter"), 12550)
        desk = self.call("GET", "/cash-desk/find?query=", expect=200)["shift"]
        self.assertEqual((desk["shift_id"], desk["payments"], desk["cash_fen"]), (shift_id, 3, 12550))
        closed = self.close(shift_id, 32550, notes={"10000": 3, "2000": 1, "500": 1, "50": 1})
        self.assertEqual((closed["state"], closed["difference_fen"]), ("closed", 0))
        self.assertEqual((self.cash("counter"), self.cash("safe")), (0, safe + 12550))
        self.close(shift_id, 32550, expect=409)
        listed = self.call("GET", "/payments?shift_id=%d" % shift_id, expect=200)["items"]
        self.assertEqual([row["amount_fen"] for row in listed], [5000, 2550, 10000])

    def test_one_person_has_one_open_shift(self):
        first = self.shift_open()
        self.call("POST", "/cash-shifts", {"float_fen": 0}, expect=409)
        self.sit("zhang")
        other = self.shift_open()
        self.assertNotEqual(first, other)
        self.pay(700)
        self.assertEqual((self.shift(first)["cash_fen"], self.shift(other)["cash_fen"]), (0, 700))

    def test_a_small_difference_is_named_and_a_large_one_needs_a_second_person(self):
        over_short = self.ledger("adjustment", "cash over and short")
        shift_id = self.shift_open(0)
        self.pay(10000)
        self.assertEqual(self.close(shift_id, 9900, expect=422)["error"]["field"], "reason")
        closed = self.close(shift_id, 9900, "少收一元")
        self.assertEqual((closed["state"], closed["difference_fen"]), ("closed", -100))
        self.assertEqual(self.ledger("adjustment", "cash over and short"), over_short - 100)
        second = self.shift_open(0)
        self.pay(10000)
        counted = self.close(second, 15000, "不明长款")
        self.assertEqual((counted["state"], counted["difference_fen"]), ("counted", 5000))
        self.assertEqual(self.ledger("adjustment", "cash over and short"), over_short - 100)
        self.pay(100)  # of no shift: this one is counted
        self.assertEqual(self.shift(second)["cash_fen"], 10000)
        self.call("POST", "/cash-shifts/%d/confirm" % second, {}, expect=409)
        self.sit("zhang")
        confirmed = self.call("POST", "/cash-shifts/%d/confirm" % second, {"reason": "已看监控"}, expect=200)
        self.assertEqual((confirmed["state"], confirmed["confirmed_by_name"]), ("closed", "zhang"))
        self.assertEqual(self.ledger("adjustment", "cash over and short"), over_short + 4900)
        self.call("POST", "/cash-shifts/%d/confirm" % second, {}, expect=409)
        self.sit("admin")
        self.call("POST", "/cash-deposits", {"amount_fen": 100, "source": "counter", "bank": "工行",
                                             "key": "counter-%d" % self.number()}, expect=201)

    def waiting(self, kind):
        return self.call("GET", "/approvals?state=waiting&kind=" + kind, expect=200)["items"]

    def test_a_large_difference_stands_among_the_approvals(self):
        shift_id = self.shift_open(0)
        self.pay(10000)
        self.close(shift_id, 15000, "不明长款")
        self.close(shift_id, 4000, "点错了, 短款")  # the count before waits no longer
        (row,) = self.waiting("cash_difference")
        self.assertEqual((row["object_id"], row["subject"], row["amount_fen"], row["asked_by_name"], row["reason"]),
                         (shift_id, self.shift(shift_id)["number"], -6000, "wang", "点错了, 短款"))
        path = "/approvals/%d" % row["approval_id"]
        shown = self.call("GET", path, expect=200)
        self.assertEqual({figure["name"]: figure["value"] for figure in shown["figures"]},
                         {"float": 0, "cash_taken": 10000, "counted": 4000, "difference": -6000})
        self.assertEqual((shown["may_approve"], shown["blocked"]), (False, None))
        self.assertEqual(self.call("POST", path + "/approve", {}, expect=409)["error"]["code"], "second_person")
        self.sit("admin")
        self.close(shift_id, 3900, "管理员重点")  # she counted: now neither she nor the cashier
        (row,) = self.waiting("cash_difference")
        path = "/approvals/%d" % row["approval_id"]
        self.assertEqual(self.call("POST", path + "/approve", {}, expect=409)["error"]["code"], "second_person")
        self.sit("wang")
        self.assertEqual(self.call("POST", path + "/approve", {}, expect=409)["error"]["code"], "second_person")
        self.sit("zhang")
        self.call("POST", path + "/refuse", {"reason": "请再点一次"}, expect=200)
        self.assertEqual((self.shift(shift_id)["state"], self.waiting("cash_difference")), ("counted", []))
        self.call("POST", "/cash-shifts/%d/confirm" % shift_id, {}, expect=409)
        self.sit("wang")
        self.close(shift_id, 4000, "确认短款")
        (row,) = self.waiting("cash_difference")
        self.sit("zhang")
        self.call("POST", "/approvals/%d/approve" % row["approval_id"], {}, expect=200)
        shift = self.shift(shift_id)
        self.assertEqual((shift["state"], shift["difference_fen"], shift["confirmed_by_name"]), ("closed", -6000, "zhang"))

    def test_counting_again_replaces_the_count_until_somebody_confirms(self):
        shift_id = self.shift_open(0)
        self.pay(10000)
        self.assertEqual(self.close(shift_id, 1000, "数错了?")["state"], "counted")
        self.assertEqual(self.close(shift_id, 10000)["state"], "closed")

    def test_a_payment_is_undone_by_two_people_and_never_deleted(self):
        shift_id = self.shift_open(0)
        self.pay(3000)
        wrong = self.pay(50000)
        path = "/payments/%d/undo" % wrong["payment_id"]
        self.call("POST", path, {}, expect=400)
        undo = self.call("POST", path, {"reason": "输错金额"}, expect=201)["undo_id"]
        self.call("POST", path, {"reason": "再来"}, expect=409)
        self.call("POST", "/payment-undos/%d/release" % undo, {}, expect=409)
        self.assertEqual(self.balance(), 53000)
        self.sit("zhang")
        waiting = self.call("GET", "/payment-undos?state=asked", expect=200)["items"]
        self.assertEqual([(row["undo_id"], row["mine"]) for row in waiting], [(undo, False)])
        done = self.call("POST", "/payment-undos/%d/release" % undo, {}, expect=200)
        self.assertEqual(done["state"], "released")
        self.assertEqual(self.balance(), 3000)
        shift = self.shift(shift_id)
        self.assertEqual((shift["cash_fen"], shift["undone"], self.cash("counter")), (3000, 1, 3000))
        self.call("POST", "/payment-undos/%d/release" % undo, {}, expect=409)
        self.call("POST", path, {"reason": "再来"}, expect=409)
        payment = self.call("GET", "/payments/%d" % wrong["payment_id"], expect=200)
        self.assertEqual((payment["amount_fen"], payment["undo_state"]), (50000, "released"))
        self.assertIsNotNone(payment["undone_s"])

    def test_what_went_back_or_elsewhere_is_not_undone_too(self):
        self.sit("admin")
        self.call("PUT", "/settings/refund_release_above_fen", {"value": "100000"}, expect=200)
        other, self.account = self.account_add(), self.account_add()
        self.shift_open(0)
        back, late, moved = (self.pay(amount)["payment_id"] for amount in (3000, 500, 400))
        undo = "/payments/%d/undo"
        waiting = self.call("POST", undo % late, {"reason": "x"}, expect=201)["undo_id"]

        def refund(**more):
            return self.call("POST", "/accounts/%d/refunds" % self.account, {"key": "undo-refund-%d" % self.number(), "reason": "x",
                                                                             "rest": "cash", **more}, expect=201)
        refund(payment_id=back, amount_fen=100)
        refused = self.call("POST", undo % back, {"reason": "x"}, expect=409)["error"]["code"]
        refund(payment_id=late, amount_fen=500)
        self.call("POST", "/payments/%d/moves" % moved, {"to_account_id": other, "key": "undo-move-%d" % self.number(), "reason": "x"},
                  expect=202)
        self.assertEqual([refused, self.call("POST", undo % moved, {"reason": "x"}, expect=409)["error"]["code"]], ["undo_gone"] * 2)
        self.sit("zhang")
        late_refused = self.call("POST", "/payment-undos/%d/release" % waiting, {}, expect=409)["error"]["code"]
        self.assertEqual((late_refused, self.balance(), self.cash("counter")), ("undo_gone", 3300, 3300))
        self.sit("wang")
        last = self.pay(200)["payment_id"]  # money of the account went back over the counter since
        refund(amount_fen=100)
        self.call("POST", undo % last, {"reason": "x"}, expect=409)

    def test_what_lies_in_no_open_shift_cannot_be_undone(self):
        loose = self.pay(100)
        self.call("POST", "/payments/%d/undo" % loose["payment_id"], {"reason": "x"}, expect=409)
        shift_id = self.shift_open(0)
        kept = self.pay(200)
        undo = self.call("POST", "/payments/%d/undo" % kept["payment_id"], {"reason": "x"}, expect=201)["undo_id"]
        self.close(shift_id, 200)
        self.sit("zhang")
        self.call("POST", "/payment-undos/%d/release" % undo, {}, expect=409)
        self.call("POST", "/payment-undos/%d/refuse" % undo, {}, expect=200)
        self.assertEqual(self.balance(), 300)
        self.sit("admin")
        self.call("POST", "/cash-deposits", {"amount_fen": 100, "source": "counter", "bank": "工行",
                                             "key": "counter-%d" % self.number()}, expect=201)

    def test_cash_goes_to_the_bank_once_and_never_more_than_there_is(self):
        shift_id = self.shift_open(0)
        self.pay(8000)
        self.close(shift_id, 8000)
        safe, bank = self.cash("safe"), self.ledger("channel", "bank 建行")
        body = {"amount_fen": safe + 1, "source": "safe", "bank": "建行", "slip": "A-1", "key": "deposit-%d" % self.number()}
        self.call("POST", "/cash-deposits", body, expect=409)
        body["amount_fen"] = 8000
        first = self.call("POST", "/cash-deposits", body, expect=201)
        again = self.call("POST", "/cash-deposits", body)
        self.assertEqual(first["deposit_id"], again["deposit_id"])
        self.call("POST", "/cash-deposits", {**body, "amount_fen": 7000}, expect=409)
        self.assertEqual((self.cash("safe"), self.ledger("channel", "bank 建行")), (safe - 8000, bank - 8000))
        for amount in (0, -1, 2 ** 63, 1.5, "5"):
            self.call("POST", "/cash-deposits", {**body, "amount_fen": amount, "key": "deposit-wrong"})
            self.assertIn(self.house.status, (400, 422), amount)

    def test_wrong_counts_are_named(self):
        for float_fen in (-1, 10000001, 2 ** 63, "1", None):
            self.call("POST", "/cash-shifts", {"float_fen": float_fen})
            self.assertIn(self.house.status, (400, 422), float_fen)
        for notes in ({"10000": 1}, {"300": 1}, {"10000": -1}, {"10000": 1.5}, {"abc": 1}):
            self.assertEqual(self.call("POST", "/cash-shifts", {"float_fen": 20000, "notes": notes},
                                       expect=422)["error"]["code"], "notes_form", notes)
        self.call("POST", "/cash-shifts/999/close", {"counted_fen": 0}, expect=404)

    def test_an_office_may_insist_on_shifts(self):
        self.sit("admin")
        self.call("PUT", "/settings/cash_shift_required", {"value": "1"}, expect=200)
        self.sit("wang")
        self.assertEqual(self.pay(100, expect=409)["error"]["code"], "shift_needed")
        shift_id = self.shift_open(0)
        self.pay(100)
        self.close(shift_id, 100)
        self.sit("admin")
        self.call("PUT", "/settings/cash_shift_required", {"value": "0"}, expect=200)

    def test_a_cashier_of_another_area_sees_and_counts_nothing_of_it(self):
        shift_id = self.shift_open(0)
        self.sit("admin")
        self.call("POST", "/people", {"login": "far", "display_name": "far", "role": "clerk", "area_id": self.building,
                                      "password": PASSWORD}, expect=201)
        self.sit("far")
        self.call("GET", "/cash-shifts/%d" % shift_id, expect=404)
        self.close(shift_id, 0, expect=404)
        self.assertEqual(self.call("GET", "/cash-shifts", expect=200)["items"], [])
        self.call("POST", "/cash-deposits", {"amount_fen": 1, "source": "safe", "bank": "工行", "key": "far-deposit"}, expect=403)

    def test_the_daily_close_names_every_difference(self):
        self.sit("li")
        loose = self.pay(1300)
        self.sit("wang")
        good = self.shift_open(0)
        self.pay(2000)
        self.close(good, 2000)
        short = self.shift_open(0)
        self.pay(3000)
        self.close(short, 2950, "找零有误")
        still = self.shift_open(0)
        day = time.strftime("%Y-%m-%d", time.gmtime(loose["at_s"] + 28800))
        run = self.call("POST", "/payment-reconciliations", {"channel": "cash", "day": day}, expect=202)
        path = "/payment-reconciliations/%d" % run["payment_reconciliation_id"]
        answer = self.call("GET", path, expect=200)
        found = {row["number"]: row for row in answer["differences"]}
        self.assertEqual(answer["state"], "done")
        self.assertNotIn("ledger", found)
        self.assertNotIn(self.shift(good)["number"], found)
        row = found[self.shift(short)["number"]]
        self.assertEqual((row["kind"], row["our_fen"], row["their_fen"], row["resolution"], row["reason"]),
                         ("amount_differs", 3000, 2950, "accepted", "找零有误"))
        self.assertEqual(found[self.shift(still)["number"]]["kind"], "status_differs")
        self.assertTrue(any(row["kind"] == "they_lack" and row["reference"] == "li" and row["our_fen"] >= 1300
                            for row in found.values()))
        self.close(still, 0)
        self.call("POST", "/payment-reconciliations", {"channel": "cash", "day": day}, expect=202)
        again = self.call("GET", path, expect=200)
        self.assertNotIn(self.shift(still)["number"], [row["number"] for row in again["differences"] if row["resolution"] == ""])
        self.call("POST", "/payment-reconciliations", {"channel": "cash", "day": "2099-01-01"}, expect=422)
        self.sit("admin")
        self.call("POST", "/cash-deposits", {"amount_fen": 1300, "source": "counter", "bank": "工行",
                                             "key": "counter-%d" % self.number()}, expect=201)

    def test_nothing_is_lost_by_a_kill(self):
        shift_id = self.shift_open(500)
        self.pay(4200)
        self.house.kill()
        self.house.start()
        self.sit("wang")
        self.assertEqual(self.shift(shift_id)["expected_fen"], 4700)
        self.close(shift_id, 4700)
        self.house.kill()
        checked = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True)
        self.house.start()
        self.assertEqual(checked.returncode, 0, checked.stdout)


if __name__ == "__main__":
    unittest.main()
