"""A day compared with the channels' own bills: every kind of difference is found once, and resolved."""

import datetime
import subprocess
import unittest

import payment_house
from installation import PROGRAM
from payment_house import CHANNELS


def yesterday():
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))) - datetime.timedelta(days=1)).date().isoformat()


class ReconciliationTest(payment_house.PaymentHouse):
    def setUp(self):
        super().setUp()
        self.stand_in.orders.clear()
        self.stand_in.refunds.clear()

    def compare(self, channel):
        asked = self.house.call("POST", "/payment-reconciliations", {"channel": channel, "day": yesterday()}, expect=202)
        path = "/payment-reconciliations/%d" % asked["payment_reconciliation_id"]
        return self.until(lambda: (lambda run: run if run["state"] == "done" else None)(self.house.call("GET", path, expect=200)),
                          "the bill of " + channel)

    def resolve(self, difference, action, expect=201):
        return self.house.call("POST", "/payment-differences/%d/resolve" % difference["payment_difference_id"],
                               {"action": action, "reason": "查过了"}, expect=expect)

    def test_equal_books_have_no_difference(self):
        for channel, scene in CHANNELS:
            begun = self.order_open(channel, scene)
            self.stand_in.pay(begun["trade_number"])
            run = self.compare(channel)
            self.assertEqual((run["rows"], run["matched"], run["paid_fen"], run["differences"]), (1, 1, 5000, []), channel)
        self.assertEqual(self.stand_in.refused, [])

    def test_every_kind_of_difference_is_found_and_resolved(self):
        for channel, scene in CHANNELS:
            same, status, amount = (self.order_open(channel, scene) for _ in range(3))
            self.stand_in.pay(same["trade_number"])
            self.stand_in.pay(status["trade_number"], amount_fen=4999)  # a lie: disputed with us, paid with them
            self.stand_in.pay(amount["trade_number"])
            self.stand_in.orders[amount["trade_number"]]["amount_fen"] = 6000
            self.stand_in.order_open(channel, "MWNOBODY00000001", 700, "https://x/y", time="20260115080000")
            self.stand_in.pay("MWNOBODY00000001", call_back=False)
            before = self.balance()
            run = self.compare(channel)
            kinds = {row["number"]: row for row in run["differences"]}
            self.assertEqual({number: (row["kind"], row["our_fen"], row["their_fen"]) for number, row in kinds.items()},
                             {status["trade_number"]: ("status_differs", 0, 5000),
                              amount["trade_number"]: ("amount_differs", 5000, 6000),
                              "MWNOBODY00000001": ("we_lack", 0, 700)}, channel)
            self.resolve(kinds["MWNOBODY00000001"], "book", expect=409)  # nobody to book it to
            self.resolve(kinds[amount["trade_number"]], "book", expect=409)
            done = self.resolve(kinds[status["trade_number"]], "book", expect=None)
            self.assertEqual(done["resolution"], "booked", done)
            self.assertEqual(self.balance(), before + 5000)
            self.resolve(kinds[status["trade_number"]], "book", expect=409)
            self.resolve(kinds["MWNOBODY00000001"], "accept", expect=None)
            again = self.compare(channel)
            self.assertEqual(sorted(row["kind"] for row in again["differences"] if row["resolution"] == ""), ["amount_differs"])
            self.assertEqual(self.balance(), before + 5000)
            self.stand_in.orders.clear()

    def test_money_paid_twice_is_found_in_the_bill(self):
        for channel, scene in CHANNELS:
            begun = self.order_open(channel, scene)
            self.stand_in.pay(begun["trade_number"])
            self.stand_in.orders[begun["trade_number"]]["reference"] = "44%019d" % begun["payment_order_id"]
            before = self.balance()
            run = self.compare(channel)
            found = [row for row in run["differences"] if row["number"] == begun["trade_number"]]
            self.assertEqual([(row["kind"], row["their_fen"]) for row in found], [("we_lack", 5000)], channel)
            self.resolve(found[0], "book", expect=None)
            self.assertEqual(self.compare(channel)["matched"], 1)
            self.assertEqual(self.balance(), before)
            self.stand_in.orders.clear()

    def test_what_the_channel_lacks_is_found(self):
        begun = self.order_open("wechat", "qr")
        self.stand_in.pay(begun["trade_number"])
        self.house.stop()
        with self.house.database() as database:
            database.execute("UPDATE payment_order SET paid_s = paid_s - 86400 WHERE trade_number = ?", (begun["trade_number"],))
        self.start()
        kept = self.stand_in.orders.pop(begun["trade_number"])
        run = self.compare("wechat")
        self.assertEqual([(row["kind"], row["number"], row["our_fen"]) for row in run["differences"]
                          if row["number"] == begun["trade_number"]], [("they_lack", begun["trade_number"], 5000)])
        self.stand_in.orders[begun["trade_number"]] = kept  # the channel's next bill has it
        self.assertNotIn("they_lack", [row["kind"] for row in self.compare("wechat")["differences"]])

    def test_a_bill_that_was_changed_on_its_way_is_not_believed(self):
        self.stand_in.misbehave("/v3/bill/tradebill", "forge")
        asked = self.house.call("POST", "/payment-reconciliations", {"channel": "wechat", "day": yesterday()}, expect=202)
        path = "/payment-reconciliations/%d" % asked["payment_reconciliation_id"]
        run = self.until(lambda: (lambda run: run if run["problem"] else None)(self.house.call("GET", path, expect=200)), "a problem")
        self.assertEqual((run["state"], run["problem"]), ("asked", "signature"))

    def test_wrong_questions_are_named(self):
        self.house.call("POST", "/payment-reconciliations", {"channel": "gold", "day": yesterday()}, expect=422)
        self.house.call("POST", "/payment-reconciliations", {"channel": "wechat", "day": "2099-01-01"}, expect=422)
        self.house.call("POST", "/payment-differences/999999/resolve", {"action": "book", "reason": "x"}, expect=404)

    def test_the_books_stay_right(self):
        answer = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)


if __name__ == "__main__":
    unittest.main()
