"""Money back to customers over HTTP: the ways it goes, the second person, and a kill in between."""

import subprocess
import unittest

from installation import PASSWORD, PROGRAM
from payment_house import PaymentHouse


class RefundTest(PaymentHouse):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house.call("PUT", "/settings/refund_release_above_fen", {"value": "1000"}, expect=200)
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李工", "role": "clerk",
                                           "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)
        cls.house.call("POST", "/people", {"login": "viewer", "display_name": "看", "role": "viewer",
                                           "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)

    def setUp(self):
        super().setUp()
        self.house.sign_in()

    def pay(self, amount_fen):
        return self.house.call("POST", "/payments", {"account_id": self.account, "amount_fen": amount_fen, "method": "cash",
                                                     "key": self.key()}, expect=201)["payment_id"]

    def paid_order(self, amount_fen):
        begun = self.order_open("wechat", "qr", amount_fen)
        self.stand_in.pay(begun["trade_number"])
        return self.until(lambda: (lambda o: o if o["state"] == "paid" else None)(self.order(begun)), "paid")

    def ask(self, amount_fen, expect=None, **more):
        return self.house.call("POST", "/accounts/%d/refunds" % self.account,
                               {"amount_fen": amount_fen, "key": self.key(), "reason": "多缴退款", **more}, expect=expect)

    def refund(self, refund_id):
        return self.house.call("GET", "/refunds/%d" % refund_id, expect=200)

    def test_small_one_leaves_at_once_and_a_large_one_waits(self):
        self.pay(20000)
        before = self.balance()
        small = self.ask(1000, rest="cash", expect=201)
        self.assertEqual((small["state"], small["parts"][0]["route"]), ("released", "cash"))
        large = self.ask(5000, rest="cash", expect=202)
        self.assertEqual(self.balance(), before - 1000)
        path = "/approvals/%d" % large["approval_id"]
        shown = self.house.call("GET", path, expect=200)
        self.assertEqual((shown["is_mine"], shown["may_approve"], shown["blocked"]), (True, False, None))
        self.assertIn(large["approval_id"], [row["approval_id"] for row in
                                             self.house.call("GET", "/approvals?state=waiting", expect=200)["items"]])
        refused = self.house.call("POST", path + "/approve", {}, expect=409)
        self.assertEqual(refused["error"]["code"], "second_person")
        self.house.sign_in("viewer")
        self.house.call("POST", path + "/approve", {}, expect=403)
        self.house.sign_in("second")
        seen = self.house.call("GET", path, expect=200)["seen"]
        self.pay(100)
        changed = self.house.call("POST", path + "/approve", {"seen": seen}, expect=409)
        self.assertEqual(changed["error"]["code"], "figures_changed")
        shown = self.house.call("GET", path, expect=200)
        self.assertEqual([(f["value"] - f["asked"]) for f in shown["figures"] if f["changed"]], [100, 100])
        self.house.call("POST", path + "/approve", {"seen": shown["seen"]}, expect=200)
        self.assertEqual(self.balance(), before - 6000 + 100)
        self.assertEqual(self.refund(large["refund_id"])["progress"], "done")
        self.house.call("POST", path + "/approve", {}, expect=409)

    def test_the_channel_takes_its_own_back_first_and_a_kill_loses_nothing(self):
        self.paid_order(3000)
        self.pay(4000)
        amount_fen = self.balance()
        preview = self.house.call("POST", "/accounts/%d/refunds/preview" % self.account,
                                  {"amount_fen": amount_fen, "rest": "cash"}, expect=200)
        self.assertEqual((preview["parts"][0]["route"], preview["balance_fen"], preview["needs_approval"]), ("channel", 0, True))
        asked = self.ask(amount_fen, rest="cash", expect=202)
        self.house.kill()
        self.start()
        self.house.sign_in("second")
        self.house.call("POST", "/approvals/%d/approve" % asked["approval_id"], {}, expect=200)
        self.house.kill()
        self.start()
        done = self.until(lambda: (lambda r: r if r["progress"] == "done" else None)(self.refund(asked["refund_id"])), "done")
        self.assertEqual(sum(part["amount_fen"] for part in done["parts"]), amount_fen)
        self.assertEqual(self.balance(), 0)

    def test_bad_requests_and_refusals(self):
        self.pay(5000)
        for amount, status in ((0, 422), (-1, 422), (10**8 + 1, 422), ("5", 400), (None, 400), (2**63, 400)):
            self.ask(amount, rest="cash", expect=status)
        self.assertEqual(self.ask(10**8, rest="cash", expect=409)["error"]["code"], "funds_insufficient")
        self.assertEqual(self.ask(4000, expect=409)["error"]["code"], "refund_route")
        self.ask(4000, rest="bank", expect=422)
        self.house.call("POST", "/accounts/99/refunds", {"amount_fen": 1, "key": "key-0-of-none", "reason": "x"}, expect=404)
        asked = self.ask(4000, rest="bank", payee="陈佳怡", bank_account="6222021234", bank="工行", expect=202)
        path = "/approvals/%d" % asked["approval_id"]
        self.house.call("POST", path + "/refuse", {}, expect=400)
        self.house.call("POST", path + "/refuse", {"reason": "撤回"}, expect=200)
        self.assertEqual(self.refund(asked["refund_id"])["progress"], "refused")
        self.house.call("POST", "/refunds/%d/settle" % asked["refund_id"], {"action": "paid", "reference": "B1"}, expect=409)

    def test_cash_leaves_the_drawer_of_who_asked(self):
        shift = self.house.call("POST", "/cash-shifts", {"float_fen": 20000}, expect=201)["shift_id"]
        self.pay(8000)
        self.ask(700, rest="cash", expect=201)
        shown = self.house.call("GET", "/cash-shifts/%d" % shift, expect=200)
        self.assertEqual((shown["cash_fen"], shown["refunded_fen"], shown["expected_fen"]), (8000, 700, 27300))
        counted = self.house.call("POST", "/cash-shifts/%d/close" % shift, {"counted_fen": 27300}, expect=200)
        self.assertEqual((counted["state"], counted["difference_fen"]), ("closed", 0))

    def tearDown(self):
        """After every test the books are sound, derived anew from every transfer too."""
        self.assertTrue(self.house.call("GET", "/ledger/trial-balance", expect=200)["balanced"])
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual((told.returncode, told.stdout.splitlines()[-1:]), (0, ["verified"]), told.stdout)


if __name__ == "__main__":
    unittest.main()
