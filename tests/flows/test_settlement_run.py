"""A settlement over HTTP: drafted, looked at, approved, issued, taken back - and cancelled."""

import datetime
import subprocess
import unittest

from installation import PASSWORD, PROGRAM, Installation


class SettlementRunTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.house.sign_in()
        self.house.call("PUT", "/settings/bills_by_run", {"value": "1"}, expect=200)
        self.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                            "area_id": self.house.root_area(), "password": PASSWORD}, expect=201)
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
        with self.house.database() as database:
            database.execute("UPDATE account_standing SET settled_day = ?", (day - 5,))
            for device, total in ((1, 5000000), (2, 7000000)):
                database.execute("INSERT INTO daily_reading VALUES (?, ?, ?, ?, 0, 0, 1000)", (day, device, total, total))
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
        self.assertEqual(self.decide(run, "approve", expect=409)["error"]["code"], "second_person")
        self.house.sign_in("second")
        run = self.decide(run, "approve")
        self.assertEqual((run["state"], run["issued"], run["amount_fen"]), ("issued", 2, 2400))
        self.assertEqual(self.wallets(), [-1000, -1400, 0])
        self.decide(run, "approve", expect=409)
        again = self.draft()
        self.assertEqual((again["drafts"], again["held"]), (0, 1))
        self.assertEqual(self.decide(again, "cancel")["state"], "cancelled")
        self.house.call("PUT", "/settings/invoice_seller_tax_number", {"value": "91440101MA59T3XT0A"}, expect=200)
        bill = self.house.call("GET", "/bills?account_id=%d" % self.accounts[0], expect=200)["items"][0]["bill_id"]
        invoice = self.house.call("POST", "/invoices", {"bill_id": bill, "title": "陈佳怡", "key": "invoice-of-the-bill"}, expect=201)
        run = self.decide(run, "reverse")
        self.assertEqual((run["state"], run["reversed"]), ("reversed", 2))
        self.assertEqual(self.house.call("GET", "/invoices/%d" % invoice["invoice_id"], expect=200)["state"], "cancelled")
        self.assertEqual(self.wallets(), [0, 0, 0])
        runs = self.house.call("GET", "/settlement/runs", expect=200)["items"]
        self.assertEqual([row["state"] for row in runs], ["cancelled", "reversed"])
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def bill_before(self, usage_value):
        """The first account's last bill: five days long."""
        self.house.stop()
        day = (self.today - datetime.date(1970, 1, 1)).days
        with self.house.database() as database:
            database.execute("INSERT INTO bill (tenant_id, account_id, number, from_day, to_day, from_total_value, to_total_value,"
                             " usage_value, amount_fen, state, due_day, issued_s, tariff_version_id) VALUES (1, ?, 'B1', ?, ?, 0, 0,"
                             " ?, 0, 'paid', ?, 0, 1)", (self.accounts[0], day - 10, day - 5, usage_value, day))
            database.execute("INSERT INTO bill_due VALUES (1, ?, 0, 1, 0, 0, 0)", (day,))
        self.house.start()
        self.house.sign_in()

    def test_what_stands_out_is_decided_before_anybody_approves(self):
        self.bill_before(1000000)
        run = self.draft(months=2)
        path = "/settlement/runs/%d" % run["run_id"]
        self.assertEqual((run["exceptions"], run["unreviewed"], run["months"], run["total"]), (1, 1, 2, 3))
        odd = self.house.call("GET", path + "/exceptions?open=true", expect=200)["items"]
        self.assertEqual([(row["account_id"], row["exception"], row["usage_value"], row["usual_value"], row["review"])
                          for row in odd], [(self.accounts[0], "jump", 5000000, 1000000, "open")])
        bill = self.house.call("GET", path + "/bill?account_id=%d" % self.accounts[0], expect=200)
        self.assertEqual((bill["amount_fen"], bill["usage_value"], bill["charge"]["lines"][0]["quantity_e4"]),
                         (1000, 5000000, 50000))
        self.house.sign_in("second")
        self.assertEqual(self.decide(run, "approve", expect=409)["error"]["code"], "review_open")
        review = path + "/review"
        held = self.house.call("POST", review, {"account_id": self.accounts[0], "decision": "hold"}, expect=200)
        self.assertEqual((held["unreviewed"], held["drafts"], held["draft_fen"], held["held"]), (0, 1, 1400, 2))
        self.assertEqual(self.house.call("GET", path + "/held", expect=200)["items"][0]["held"], "review_held")
        taken = self.house.call("POST", review, {"account_id": self.accounts[0], "decision": "accept"}, expect=200)
        self.assertEqual((taken["unreviewed"], taken["drafts"], taken["draft_fen"], taken["held"]), (0, 2, 2400, 1))
        self.house.call("POST", review, {"account_id": self.accounts[2], "decision": "accept"}, expect=409)
        self.house.call("POST", review, {"account_id": self.accounts[0], "decision": "hold"}, expect=200)
        issued = self.decide(run, "approve")
        self.assertEqual((issued["issued"], issued["amount_fen"]), (1, 1400))
        self.assertEqual(self.wallets(), [0, -1400, 0])
        self.house.call("POST", review, {"account_id": self.accounts[1], "decision": "hold"}, expect=409)

    def test_a_part_of_the_contracts_and_all_of_an_exception_at_once(self):
        self.bill_before(1000000)
        self.assertEqual(self.draft(months=1)["total"], 0)
        empty = self.house.add_building("9栋")
        self.assertEqual((lambda run: (run["total"], run["drafts"], run["area_name"]))(self.draft(area_id=empty)), (0, 0, "9栋"))
        self.draft(area_id=4711, expect=404)
        run = self.draft()
        done = self.house.call("POST", "/settlement/runs/%d/review" % run["run_id"], {"exception": "jump", "decision": "accept"},
                               expect=200)
        self.assertEqual((done["exceptions"], done["unreviewed"]), (1, 0))

    def test_what_makes_no_sense_is_refused(self):
        self.house.call("POST", "/settlement/runs", {"to_day": "2099-01-01"}, expect=422)
        self.house.call("POST", "/settlement/runs", {"to_day": "2020-01-01", "estimate": "guess"}, expect=422)
        self.house.call("POST", "/settlement/runs/77/approve", {}, expect=404)
        self.house.call("GET", "/settlement/runs/77", expect=404)
        self.house.call("PATCH", "/accounts/%d" % self.accounts[0], {"settlement_months": 5}, expect=422)


class KilledRunTest(unittest.TestCase):
    """More accounts than one transaction settles, and kills on the way."""

    ACCOUNTS = 1700

    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.house.call("PUT", "/settings/bills_by_run", {"value": "1"}, expect=200)
        self.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                            "area_id": self.house.root_area(), "password": PASSWORD}, expect=201)
        tariff = self.house.call("POST", "/tariffs", {
            "name": "垃圾费", "effective_day": "2020-01-01",
            "document": {"fixed": [{"name": "garbage", "amount": "8.00"}]}}, expect=201)["tariff_id"]
        customer = self.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        self.house.call("POST", "/accounts", {"customer_id": customer, "area_id": self.house.add_building(), "tariff_id": tariff,
                                              "payment_mode": "postpaid"}, expect=201)
        self.house.stop()
        self.today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        with self.house.database() as database:
            wallet = database.number("SELECT wallet_id FROM account")
            first = database.number("SELECT max(ledger_account_id) FROM ledger_account")
            self.copy(database, "ledger_account", "ledger_account_id", wallet, first, {})
            self.copy(database, "account", "account_id", 1, 1, {"wallet_id": first})
            database.execute("UPDATE account_standing SET settled_day = ?", ((self.today - datetime.date(1970, 1, 1)).days - 5,))
        self.begin()

    def copy(self, database, table, key, row, first, counted):
        """Rows like one, under the numbers after `first`; `counted` columns go up from theirs."""
        columns = database.columns(table)
        values = [{key: first, **counted}.get(name, name) for name in columns]
        values = ["%d + n" % value if isinstance(value, int) else value for value in values]
        database.execute("WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?) INSERT INTO %s (%s)"
                         " SELECT %s FROM %s, more WHERE %s = ?" % (table, ", ".join(columns), ", ".join(values), table, key),
                         (self.ACCOUNTS - 1, row))

    def begin(self):
        self.house.start()
        self.house.sign_in()

    def become(self, run, state, kills):
        """The run in this state, whatever kills it on its way."""
        for _ in range(kills):
            self.house.kill()
            self.begin()
        return self.house.until("/settlement/runs/%d" % run, lambda now: now["state"] == state)

    def test_a_run_that_is_killed_bills_everybody_once(self):
        run = self.house.call("POST", "/settlement/runs", {"to_day": self.today.isoformat(), "accounts": "all"}, expect=201)["run_id"]
        ready = self.become(run, "ready", 1)
        self.assertEqual((ready["drafts"], ready["draft_fen"]), (self.ACCOUNTS, self.ACCOUNTS * 800))
        self.house.sign_in("second")
        self.house.call("POST", "/settlement/runs/%d/approve" % run, {"reason": "月结"}, expect=200)
        issued = self.become(run, "issued", 1)
        self.assertEqual((issued["issued"], issued["held"], issued["amount_fen"]), (self.ACCOUNTS, 0, self.ACCOUNTS * 800))
        with self.house.database() as database:
            self.assertEqual(database.row("SELECT count(*), count(DISTINCT account_id), max(bill_id), sum(amount_fen) FROM bill"),
                             (self.ACCOUNTS, self.ACCOUNTS, self.ACCOUNTS, self.ACCOUNTS * 800))
        self.house.call("POST", "/settlement/runs/%d/reverse" % run, {"reason": "撤销"}, expect=200)
        self.assertEqual(self.become(run, "reversed", 0)["reversed"], self.ACCOUNTS)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)


if __name__ == "__main__":
    unittest.main()
