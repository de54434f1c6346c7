"""A settlement over HTTP: drafted, looked at, approved, issued, taken back - and cancelled."""

import datetime
import os
import sqlite3
import subprocess
import unittest

from installation import PROGRAM, Installation


class SettlementRunTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.house.sign_in()
        self.house.call("PUT", "/settings/bills_by_run", {"value": "1"}, expect=200)
        building = self.house.add_building()
        tariff = self.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        self.accounts = []
        for number in range(3):
            device = self.house.add_device(building, 862220000000001 + number, "22200000000%d" % number)
            customer = self.house.call("POST", "/customers", {"number": str(number), "name": "陈佳怡"}, expect=201)["customer_id"]
            self.accounts.append(self.house.call("POST", "/accounts", {
                "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "postpaid",
                "settlement_months": 2}, expect=201)["account_id"])
        self.today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        self.house.stop()
        day = (self.today - datetime.date(1970, 1, 1)).days
        with sqlite3.connect(os.path.join(self.house.data, "meterworks.db")) as database:
            database.execute("UPDATE account SET settled_day = ?", (day - 5,))
            for device, total in ((1, 5000000), (2, 7000000)):
                database.execute("INSERT INTO daily_reading VALUES (?, ?, ?, ?, 0, 0, 1000)", (day, device, total, total))
        database.close()
        self.house.start()
        self.house.sign_in()

    def tearDown(self):
        self.house.close()

    def draft(self, expect=201, **more):
        return self.house.call("POST", "/settlement/runs", {"to_day": self.today.isoformat(), "accounts": "all", **more},
                               expect=expect)

    def decide(self, run, decision, expect=200):
        return self.house.call("POST", "/settlement/runs/%d/%s" % (run["run_id"], decision), {"reason": "月结"}, expect=expect)

    def wallets(self):
        return [self.house.call("GET", "/accounts/%d" % account, expect=200)["balance_fen"] for account in self.accounts]

    def test_from_the_draft_to_the_bills_and_back(self):
        run = self.draft()
        self.assertEqual((run["state"], run["total"], run["done"], run["drafts"], run["held"], run["draft_fen"]),
                         ("ready", 3, 3, 2, 1, 2400))
        drafts = self.house.call("GET", "/settlement/runs/%d/drafts" % run["run_id"], expect=200)["items"]
        self.assertEqual([row["amount_fen"] for row in drafts], [1000, 1400, 0])
        held = self.house.call("GET", "/settlement/runs/%d/drafts?held=true" % run["run_id"], expect=200)["items"]
        self.assertEqual([row["held"] for row in held], ["midnight_missing"])
        self.assertEqual(self.wallets(), [0, 0, 0])
        self.decide(run, "reverse", expect=409)
        run = self.decide(run, "approve")
        self.assertEqual((run["state"], run["issued"], run["amount_fen"]), ("issued", 2, 2400))
        self.assertEqual(self.wallets(), [-1000, -1400, 0])
        self.decide(run, "approve", expect=409)
        again = self.draft()
        self.assertEqual((again["drafts"], again["held"]), (0, 1))
        self.assertEqual(self.decide(again, "cancel")["state"], "cancelled")
        run = self.decide(run, "reverse")
        self.assertEqual((run["state"], run["reversed"]), ("reversed", 2))
        self.assertEqual(self.wallets(), [0, 0, 0])
        runs = self.house.call("GET", "/settlement/runs", expect=200)["items"]
        self.assertEqual([row["state"] for row in runs], ["cancelled", "reversed"])
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_what_makes_no_sense_is_refused(self):
        self.house.call("POST", "/settlement/runs", {"to_day": "2099-01-01"}, expect=422)
        self.house.call("POST", "/settlement/runs", {"to_day": "2020-01-01", "estimate": "guess"}, expect=422)
        self.house.call("POST", "/settlement/runs/77/approve", {}, expect=404)
        self.house.call("GET", "/settlement/runs/77", expect=404)
        self.house.call("PATCH", "/accounts/%d" % self.accounts[0], {"settlement_months": 5}, expect=422)


if __name__ == "__main__":
    unittest.main()
