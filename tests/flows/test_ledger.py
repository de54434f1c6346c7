"""The ledger over HTTP: the past, closed periods, money kept aside - and the proof of all of it."""

import subprocess
import time
import unittest

from installation import PROGRAM, Installation

DAY_S = 86400


class LedgerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        building = cls.house.add_building()
        device = cls.house.add_device(building, 862220000000001, "222000000001")
        tariff = cls.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = cls.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        cls.account = cls.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "prepaid_platform"},
                                     expect=201)["account_id"]
        cls.pay("first-payment", 10000)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @classmethod
    def pay(cls, key, amount_fen):
        return cls.house.call("POST", "/payments", {"account_id": cls.account, "amount_fen": amount_fen, "method": "cash",
                                                    "key": key}, expect=201)

    def hold(self, key, amount_fen, expect=201, **more):
        return self.house.call("POST", "/accounts/%d/holds" % self.account, {
            "amount_fen": amount_fen, "item": "hot_water", "duration_s": 600, "key": key, **more}, expect=expect)

    def wallet(self):
        items = self.house.call("GET", "/ledger/accounts?kind=wallet", expect=200)["items"]
        self.assertEqual(len(items), 1)
        return items[0]

    def verify(self):
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        return told.returncode, told.stdout

    def test_money_kept_aside_is_charged_as_used_and_the_rest_given_back(self):
        before = self.wallet()
        hold = self.hold("session-one", 500)
        self.assertEqual((hold["state"], hold["item"], hold["account_id"]), ("pending", "hot_water", self.account))
        self.assertEqual(self.wallet()["held_fen"], before["held_fen"] + 500)
        self.assertEqual(self.hold("session-one", 500)["hold_id"], hold["hold_id"])
        self.hold("session-one", 501, expect=409)
        path = "/holds/%d/settle" % hold["hold_id"]
        self.house.call("POST", path, {"amount_fen": 501}, expect=422)
        done = self.house.call("POST", path, {"amount_fen": 320}, expect=200)
        self.assertEqual((done["state"], done["posted_fen"]), ("posted", 320))
        self.house.call("POST", path, {"amount_fen": 320}, expect=200)
        self.house.call("POST", path, {"amount_fen": 0}, expect=409)
        after = self.wallet()
        self.assertEqual((after["balance_fen"], after["held_fen"]), (before["balance_fen"] - 320, before["held_fen"]))
        self.assertEqual(self.verify()[0], 0)

    def test_no_more_than_there_is_can_be_kept_aside(self):
        self.hold("session-rich", 100000, expect=409)
        self.hold("session-none", 0, expect=422)
        self.hold("session-item", 1, expect=422, item="热水")
        self.hold("session-long", 1, expect=422, duration_s=2678401)
        given_back = self.hold("session-void", 700)
        done = self.house.call("POST", "/holds/%d/settle" % given_back["hold_id"], {"amount_fen": 0}, expect=200)
        self.assertEqual((done["state"], done["posted_fen"]), ("voided", 0))

    def test_what_nobody_settles_comes_back_by_itself(self):
        hold = self.hold("session-forgotten", 800, duration_s=1)
        over = self.house.until("/holds/%d" % hold["hold_id"], lambda seen: seen["state"] != "pending")
        self.assertEqual(over["state"], "expired")
        self.house.call("POST", "/holds/%d/settle" % hold["hold_id"], {"amount_fen": 1}, expect=409)

    def test_the_trial_balance_of_a_past_moment(self):
        now = self.house.call("GET", "/ledger/trial-balance", expect=200)
        self.assertTrue(now["balanced"])
        self.assertGreaterEqual(now["debits_fen"], 10000)
        past = self.house.call("GET", "/ledger/trial-balance?at_s=1000", expect=200)
        self.assertTrue(past["balanced"])
        self.assertEqual(past["debits_fen"], 0)
        self.assertEqual(self.house.call("GET", "/ledger/trial-balance?until_day=2020-01-01", expect=200)["debits_fen"], 0)
        later = self.house.call("GET", "/ledger/trial-balance?until_day=2090-01-01", expect=200)
        self.assertEqual(later["debits_fen"], now["debits_fen"])

    def test_the_trial_balance_is_that_of_the_accounts_whatever_is_kept(self):
        """Sums of books by day are made beside the work, what is not in them yet is added: no moment shows anything else."""
        for number in range(5):
            self.pay("kept-sums-%d" % number, 100 + number)
            items = self.house.call("GET", "/ledger/trial-balance", expect=200)["items"]
            accounts = self.house.call("GET", "/ledger/accounts?limit=200", expect=200)["items"]
            for item in items:
                own = [row for row in accounts if (row["kind"], row["name"]) == (item["kind"], item["name"])]
                self.assertEqual((item["debits_fen"], item["credits_fen"]), (sum(row["debits_fen"] for row in own), sum(row["credits_fen"] for row in own)))
            self.assertEqual(len({(row["kind"], row["name"]) for row in accounts}), len(items))
        now = self.house.call("GET", "/ledger/trial-balance?at_s=%d" % (time.time() + DAY_S), expect=200)
        self.assertEqual(now["items"], self.house.call("GET", "/ledger/trial-balance", expect=200)["items"])

    def test_a_statement_runs_back_page_by_page(self):
        for number in range(3):
            self.pay("statement-%d" % number, 100 + number)
        wallet = self.wallet()
        path = "/ledger/accounts/%d/statement" % wallet["ledger_account_id"]
        whole = self.house.call("GET", path, expect=200)["items"]
        self.assertEqual(whole[0]["balance_fen"], wallet["balance_fen"])
        for newer, older in zip(whole, whole[1:]):
            self.assertEqual(newer["balance_fen"],
                             older["balance_fen"] + (newer["credit_fen"] or 0) - (newer["debit_fen"] or 0))
        pages, cursor = [], ""
        while True:
            page = self.house.call("GET", path + "?limit=2" + cursor, expect=200)
            pages += page["items"]
            if page["next"] is None:
                break
            cursor = "&cursor=" + page["next"]
        self.assertEqual(pages, whole)
        self.assertEqual(self.house.call("GET", path + "?to_s=1000", expect=200)["items"], [])
        csv = self.house.call("GET", path + "?format=csv", expect=200)
        self.assertEqual(len(csv.strip().splitlines()), len(whole) + 1)
        self.house.call("GET", "/ledger/accounts/999/statement", expect=200)

    def test_a_closed_period_stays_as_it_was(self):
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        self.house.call("POST", "/ledger/periods", {"until_day": "2099-01-01"}, expect=422)
        self.house.call("POST", "/ledger/periods", {"until_day": today}, expect=201)
        self.house.call("POST", "/ledger/periods", {"until_day": today}, expect=409)
        period = self.house.call("GET", "/ledger/periods", expect=200)["items"][0]
        self.assertEqual((period["until_day"], period["from_day"], period["transfers"]), (today, None, 0))
        self.assertEqual(self.verify()[0], 0)
        self.house.stop()
        self.tamper("INSERT INTO transfer (tenant_id, key, debit_account_id, credit_account_id, amount_fen, kind, at_s, value_s)"
                    " VALUES (1, 'smuggled', 1, 1, 5, 'payment', 1, 1)")
        status, told = self.verify()
        self.assertEqual(status, 1)
        self.assertIn("closed periods with other postings than when they were closed", told)
        self.tamper("DELETE FROM transfer WHERE key = 'smuggled'")
        self.tamper("UPDATE ledger_account SET held_fen = held_fen + 7 WHERE kind = 'wallet'")
        status, told = self.verify()
        self.assertEqual(status, 1)
        self.assertIn("reserved 0.07, pending pre-deductions 0.00", told)
        self.tamper("UPDATE ledger_account SET held_fen = held_fen - 7 WHERE kind = 'wallet'")
        self.house.start()
        self.house.sign_in()

    def test_the_books_are_closed_by_people_of_the_whole_company_only(self):
        estate = self.house.add_area(self.house.root_area(), "estate", "东区")
        for login, area_id in (("of-estate", estate), ("of-company", self.house.root_area())):
            self.house.call("POST", "/people", {"login": login, "display_name": login, "role": "administrator",
                                                "area_id": area_id, "password": "a-long-test-password"}, expect=201)
        self.addCleanup(self.house.sign_in)
        self.house.sign_in("of-estate", "a-long-test-password")
        for path, body in (("/ledger/periods", {"until_day": "2020-02-01"}), ("/settlement", {"to_day": "2020-02-01"})):
            self.assertEqual(self.house.call("POST", path, body, expect=403)["error"]["code"], "whole_company_only")
        self.house.sign_in("of-company", "a-long-test-password")
        self.house.call("POST", "/ledger/periods", {"until_day": "2099-01-01"}, expect=422)

    def tamper(self, statement):
        with self.house.database() as database:
            database.execute(statement)


if __name__ == "__main__":
    unittest.main()
