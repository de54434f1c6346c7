"""Late fees on real bills: owed to the day, booked by the payment that settles the bill, seen wherever money is."""

import datetime
import http.client
import subprocess
import unittest

from installation import PASSWORD, PROGRAM, Installation
from waiting import PATIENCE_S

TERMS = {"rate_day": "0.001", "rate_day_later_year": "0.001", "minimum": "1.00"}
TARIFF = {"items": [{"name": "water", "price": "2.00"}], "late_fee": TERMS}
LATE_DAYS = 20


class LateFeeTest(unittest.TestCase):
    """Every account has one bill of 1000.00 yuan, 20 days late: the fee is 20.00."""
    serial = 0

    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                           "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)
        building = cls.house.add_building()
        tariff = cls.house.call("POST", "/tariffs", {"name": "居民生活用水", "effective_day": "2020-01-01", "document": TARIFF},
                                expect=201)["tariff_id"]
        cls.accounts = []
        for number in range(4):
            device = cls.house.add_device(building, 862220000000001 + number, "22200000000%d" % number)
            customer = cls.house.call("POST", "/customers", {"number": "C%d" % number, "name": "陈佳怡"}, expect=201)["customer_id"]
            cls.accounts.append(cls.house.call("POST", "/accounts", {
                "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "postpaid"},
                                               expect=201)["account_id"])
        cls.today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        cls.day = (cls.today - datetime.date(1970, 1, 1)).days
        cls.bills_make()

    @classmethod
    def bills_make(cls):
        cls.edit([("UPDATE account_standing SET settled_day = ?", (cls.day - 5,))]
                 + [("INSERT INTO daily_reading VALUES (?, ?, 500000000, 500000000, 0, 0, 1000)", (cls.day, device))
                    for device in range(1, len(cls.accounts) + 1)])
        run = cls.house.call("POST", "/settlement/runs", {"to_day": cls.today.isoformat(), "accounts": "all"}, expect=201)
        cls.house.sign_in("second")
        cls.house.call("POST", "/settlement/runs/%d/approve" % run["run_id"], {"reason": "月结"}, expect=200)
        cls.edit([("UPDATE bill SET due_day = ?", (cls.day - LATE_DAYS,)), ("UPDATE bill_due SET due_day = ?", (cls.day - LATE_DAYS,))])

    @classmethod
    def edit(cls, changes):
        """Days cannot be waited for."""
        cls.house.stop()
        with cls.house.database() as database:
            for text, values in changes:
                database.execute(text, values)
        cls.house.start()
        cls.house.sign_in()

    @classmethod
    def tearDownClass(cls):
        cls.house.stop()
        done = subprocess.run([PROGRAM, "verify", "--data", cls.house.data], stdout=subprocess.PIPE, text=True, check=False)
        cls.house.close()
        assert done.returncode == 0, done.stdout

    def pay(self, account, amount_fen, expect=201, key=None):
        LateFeeTest.serial += 1
        return self.house.call("POST", "/payments", {"account_id": account, "amount_fen": amount_fen, "method": "cash",
                                                     "key": key or "late-payment-%d" % LateFeeTest.serial}, expect=expect)

    def bill(self, account):
        listed = self.house.call("GET", "/bills?account_id=%d" % account, expect=200)["items"]
        return self.house.call("GET", "/bills/%d" % listed[0]["bill_id"], expect=200)

    def shown(self, account):
        return self.house.call("GET", "/accounts/%d" % account, expect=200)

    def words(self, path):
        """What a paper says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request("GET", "/api/v1" + path, None, {"Cookie": self.house.cookie})
        pdf = connection.getresponse().read()
        connection.close()
        return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    def revenue(self):
        day = self.today.isoformat()
        rows = self.house.call("GET", "/reports/revenue?from=%s&to=%s&every=whole" % (day, day), expect=200)["items"]
        return sum(row["amount_fen"] for row in rows if row["name"] == "late_fee")

    def ageing_check(self):
        """The report by age says what the bills say, column by column."""
        bills = self.house.call("GET", "/bills?limit=100", expect=200)["items"]
        open_ones = [bill for bill in bills if bill["state"] == "issued"]
        row = (self.house.call("GET", "/reports/ageing", expect=200)["items"] or [None])[0]
        if row is None:
            self.assertEqual(open_ones, [])
            return
        self.assertEqual((row["bills"], row["due_fen"]), (len(open_ones), sum(bill["due_fen"] for bill in open_ones)))
        ages = [value for name, value in row.items() if name.startswith(("not_due", "days_", "older"))]
        self.assertEqual((sum(ages), row["owed_fen"] + row["late_fee_fen"]), (row["owed_fen"], row["due_fen"]))
        self.assertEqual(row["due_fen"], sum(self.shown(account)["owed_fen"] for account in self.accounts))

    def test_a_late_bill_is_paid_with_its_fee(self):
        account = self.accounts[0]
        before_fen = self.revenue()
        bill = self.bill(account)
        self.assertEqual((bill["amount_fen"], bill["late_fee_fen"], bill["due_fen"]), (100000, 2000, 102000))
        self.assertEqual((self.shown(account)["owed_fen"], self.shown(account)["balance_fen"]), (102000, -100000))
        paper = self.words("/bills/%d/bill.pdf" % bill["bill_id"])
        self.assertIn("¥20.00", paper)
        self.assertIn("¥1,020.00", paper)
        paid = self.pay(account, 102000, key="late-payment-once")
        self.assertEqual(paid["balance_fen"], 0)
        self.assertEqual(self.pay(account, 102000, expect=200, key="late-payment-once")["receipt"], paid["receipt"])
        self.assertIn("含违约金", self.words("/payments/%d/receipt.pdf" % paid["payment_id"]))
        bill = self.bill(account)
        self.assertEqual((bill["state"], bill["late_fee_fen"], bill["paid_fen"], bill["due_fen"]), ("paid", 2000, 102000, 0))
        self.assertEqual(self.revenue() - before_fen, 2000)
        rows = self.house.call("GET", "/accounts/%d/statement" % account, expect=200)["items"]
        self.assertIn(("late_fee", 2000), [(row["kind"], row["debit_fen"]) for row in rows])

    def test_a_part_leaves_its_days_behind(self):
        account = self.accounts[1]
        self.pay(account, 60000)
        self.assertEqual((self.bill(account)["late_fee_fen"], self.bill(account)["due_fen"]), (2000, 42000))
        self.assertEqual(self.shown(account)["owed_fen"], 42000)
        self.ageing_check()
        self.pay(account, 40000)
        bill = self.bill(account)
        self.assertEqual((bill["state"], bill["late_fee_fen"], bill["due_fen"]), ("issued", 2000, 2000))
        self.ageing_check()
        self.pay(account, 2000)
        self.ageing_check()
        self.assertEqual(self.bill(account)["state"], "paid")

    def waive(self, bill, amount_fen, expect=200):
        return self.house.call("POST", "/bills/%d/late-fee-waivers" % bill["bill_id"],
                               {"amount_fen": amount_fen, "reason": "表具故障, 用户已投诉"}, expect=expect)

    def test_a_waiver_needs_two_people(self):
        account = self.accounts[2]
        bill = self.bill(account)
        self.assertEqual(self.waive(bill, 2001, expect=409)["error"]["code"], "waiver_amount")
        asked = self.waive(bill, 1500)
        self.assertEqual(self.waive(bill, 1, expect=409)["error"]["code"], "waiver_asked")
        path = "/approvals/%d" % asked["waiver_approval_id"]
        shown = self.house.call("GET", path, expect=200)
        self.assertEqual(({f["name"]: f["value"] for f in shown["figures"]}, shown["kind"], shown["subject"]),
                         ({"late_fee": 2000, "late_fee_waived": -1500, "late_fee_left": 500}, "late_fee", bill["number"]))
        self.assertEqual(self.house.call("POST", path + "/approve", {}, expect=409)["error"]["code"], "second_person")
        self.house.sign_in("second")
        self.house.call("POST", path + "/approve", {}, expect=200)
        self.house.sign_in()
        bill = self.bill(account)
        self.assertEqual((bill["late_fee_fen"], bill["late_waived_fen"], bill["due_fen"]), (500, 1500, 100500))
        self.pay(account, 100500)
        bill = self.bill(account)
        self.assertEqual((bill["state"], bill["late_fee_fen"], bill["due_fen"]), ("paid", 500, 0))
        audit = [row["action"] for row in self.house.call("GET", "/audit?limit=50", expect=200)["items"]]
        self.assertIn("late_fee.waive_ask", audit)

    def test_a_paid_fee_is_waived_back_into_the_wallet(self):
        account = self.accounts[3]
        self.pay(account, 102000)
        asked = self.waive(self.bill(account), 2000)
        self.house.sign_in("second")
        self.house.call("POST", "/approvals/%d/approve" % asked["waiver_approval_id"], {}, expect=200)
        self.house.sign_in()
        self.assertEqual((self.shown(account)["balance_fen"], self.bill(account)["state"]), (2000, "paid"))


if __name__ == "__main__":
    unittest.main()
