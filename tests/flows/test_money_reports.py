"""Reports of money over HTTP: revenue, receipts, arrears by age, collection - by item, channel, area and month."""

import datetime
import subprocess
import unittest

from installation import PASSWORD, PROGRAM, Installation
from waiting import until


class MoneyReportsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.house.call("PUT", "/settings/bills_by_run", {"value": "1"}, expect=200)
        cls.estates = [cls.house.add_area(cls.house.root_area(), "estate", name) for name in ("东区", "西区")]
        cls.house.call("POST", "/people", {"login": "west", "display_name": "西区", "role": "clerk", "area_id": cls.estates[1],
                                           "password": PASSWORD}, expect=201)
        tariff = cls.house.call("POST", "/tariffs", {
            "name": "水价", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}, {"name": "sewage", "price": "1.00"}]}},
                                expect=201)["tariff_id"]
        cls.accounts = []
        for number, estate in enumerate((cls.estates[0], cls.estates[0], cls.estates[1])):
            building = cls.house.add_area(estate, "building", "%d栋" % number)
            device = cls.house.add_device(building, 862220000000001 + number, "22200000000%d" % number)
            customer = cls.house.call("POST", "/customers", {"number": str(number), "name": "陈佳怡"}, expect=201)["customer_id"]
            cls.accounts.append(cls.house.call("POST", "/accounts", {
                "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "postpaid"},
                                               expect=201)["account_id"])
        cls.today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        cls.house.stop()
        cls.tamper("UPDATE account_standing SET settled_day = %d" % (cls.day() - 5),
                   *["INSERT INTO daily_reading VALUES (%d, %d, %d, %d, 0, 0, 1000)" % (cls.day(), device, total, total)
                     for device, total in ((1, 5000000), (2, 7000000), (3, 11000000))])
        cls.house.start()
        cls.house.sign_in()
        cls.house.call("POST", "/settlement", {"to_day": cls.today.isoformat()}, expect=200)
        cls.house.call("POST", "/payments", {"account_id": cls.accounts[0], "amount_fen": 1500, "method": "cash", "key": "pay-one-1"},
                       expect=201)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @classmethod
    def day(cls):
        return (cls.today - datetime.date(1970, 1, 1)).days

    @classmethod
    def tamper(cls, *statements):
        with cls.house.database() as database:
            for statement in statements:
                database.execute(statement)

    def setUp(self):
        self.house.sign_in()

    def rows(self, path, *columns):
        return [tuple(row[column] for column in columns) for row in self.house.call("GET", path, expect=200)["items"]]

    def test_revenue_adds_up_by_item_and_by_area(self):
        items = [("sewage", 2300), ("water", 4600)]
        self.assertEqual(self.rows("/reports/revenue", "name", "amount_fen"), items)
        self.assertEqual(self.rows("/reports/revenue?every=month", "period", "name", "amount_fen"),
                         [(self.today.replace(day=1).isoformat(),) + row for row in items])
        self.assertEqual(self.rows("/reports/revenue?by=area&every=whole", "area_name", "amount_fen"), [("东区", 3600), ("西区", 3300)])
        self.assertEqual(self.rows("/reports/revenue?area_id=%d&every=whole" % self.estates[1], "name", "amount_fen"),
                         [("sewage", 1100), ("water", 2200)])
        self.assertEqual(self.rows("/reports/revenue?from=2020-01-01&to=2020-02-01", "amount_fen"), [])
        self.assertEqual(self.rows("/reports/receipts", "name", "amount_fen", "transfers"), [("cash", 1500, 1)])

    def test_the_sums_hold_what_the_transfers_say_at_any_time_of_the_folding(self):
        before = self.house.call("GET", "/reports/revenue?by=area", expect=200)["items"]
        self.house.stop()
        self.tamper("DELETE FROM money_day", "DELETE FROM money_month", "UPDATE money_fold SET transfer_id = 0")
        self.house.start()
        self.house.sign_in()
        self.assertEqual(self.house.call("GET", "/reports/revenue?by=area", expect=200)["items"], before)

    def sums_await(self):
        with self.house.database() as database:
            until(lambda: database.number("SELECT transfer_id = (SELECT max(transfer_id) FROM transfer) FROM money_fold"))

    def revenue_of(self, first, last):
        """From the postings themselves: {(area_id of the estate, name): fen}."""
        with self.house.database() as database:
            rows = database.rows(
                "SELECT a.parent_area_id, l.name, sum(t.amount_fen) FROM transfer t JOIN ledger_account l"
                " ON l.ledger_account_id = t.credit_account_id AND l.kind = 'revenue' JOIN area a ON a.area_id = t.reference"
                " WHERE (t.at_s + 28800) / 86400 BETWEEN ? AND ? GROUP BY 1, 2",
                [(day - datetime.date(1970, 1, 1)).days for day in (first, last)])
        return {(area, name): fen for area, name, fen in rows}

    def test_whole_months_and_single_days_add_up_to_the_same(self):
        """Postings on the days around the turns of months; what is asked for begins and ends anywhere among them."""
        reset = ("DELETE FROM money_day", "DELETE FROM money_month", "UPDATE money_fold SET transfer_id = 0")
        days = [datetime.date(2025, *day) for day in ((1, 31), (2, 1), (2, 28), (3, 1), (3, 31), (4, 1), (12, 31))]
        self.house.stop()
        self.tamper("CREATE TABLE kept AS SELECT transfer_id, at_s FROM transfer", *reset,
                    *["UPDATE transfer SET at_s = %d WHERE transfer_id %% 7 = %d" % ((day - datetime.date(1970, 1, 1)).days * 86400, i)
                      for i, day in enumerate(days)])
        self.house.start()
        self.house.sign_in()
        self.sums_await()
        ranges = [(days[0], days[6]), (days[1], days[2]), (days[1], days[3]), (days[0], days[4]), (days[2], days[3]), (days[4], days[4]),
                  (datetime.date(2025, 2, 2), datetime.date(2025, 12, 30)), (datetime.date(2025, 4, 2), datetime.date(2025, 12, 30))]
        for first, last in ranges:
            told = self.revenue_of(first, last)
            period = "from=%s&to=%s&every=" % (first.isoformat(), last.isoformat())
            for every in ("whole", "year", "month", "day"):
                items, areas = {}, {}
                for row in self.house.call("GET", "/reports/revenue?" + period + every, expect=200)["items"]:
                    items[row["name"]] = items.get(row["name"], 0) + row["amount_fen"]
                for row in self.house.call("GET", "/reports/revenue?by=area&" + period + every, expect=200)["items"]:
                    areas[row["area_id"]] = areas.get(row["area_id"], 0) + row["amount_fen"]
                self.assertEqual(items, {name: sum(fen for (_, other), fen in told.items() if other == name) for _, name in told})
                self.assertEqual(areas, {area: sum(fen for (other, _), fen in told.items() if other == area) for area, _ in told})
        self.house.stop()
        self.tamper("UPDATE transfer SET at_s = (SELECT k.at_s FROM kept k WHERE k.transfer_id = transfer.transfer_id)",
                    "DROP TABLE kept", *reset)
        self.house.start()
        self.house.sign_in()
        self.sums_await()

    def verify(self):
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        return told.returncode, told.stdout

    def test_verify_names_sums_that_are_not_those_of_their_rows(self):
        self.assertEqual(self.verify()[0], 0, self.verify()[1])
        self.house.stop()
        self.tamper("UPDATE money_day SET amount_fen = amount_fen + 1 WHERE area_id = 0 AND name = 'water'",
                    "UPDATE money_month SET amount_fen = amount_fen + 1 WHERE area_id = %d AND name = 'sewage'" % self.estates[1],
                    "UPDATE bill_due SET paid_fen = paid_fen - 1 WHERE paid_fen = 1500")
        code, text = self.verify()
        self.tamper("UPDATE money_day SET amount_fen = amount_fen - 1 WHERE area_id = 0 AND name = 'water'",
                    "UPDATE money_month SET amount_fen = amount_fen - 1 WHERE area_id = %d AND name = 'sewage'" % self.estates[1],
                    "UPDATE bill_due SET paid_fen = paid_fen + 1 WHERE paid_fen = 1499")
        self.house.start()
        self.assertNotEqual(code, 0)
        self.assertIn("revenue water %s" % self.today.isoformat(), text)
        self.assertIn("revenue sewage %s area %d" % (self.today.replace(day=1).isoformat(), self.estates[1]), text)
        self.assertIn("sums of bills by due day", text)

    def test_what_is_owed_and_how_much_was_collected(self):
        self.assertEqual(self.rows("/reports/ageing", "bills", "not_due_fen", "days_30_fen", "owed_fen"), [(2, 5400, 0, 5400)])
        self.assertEqual(self.rows("/reports/ageing", "late_fee_fen", "due_fen"), [(0, 5400)])
        self.assertEqual(self.rows("/reports/ageing?by=area", "area_name", "owed_fen"), [("西区", 3300), ("东区", 2100)])
        until = "to=%s" % (self.today + datetime.timedelta(days=40)).isoformat()
        self.assertEqual(self.rows("/reports/collection?every=whole&" + until, "bills", "open_bills", "billed_fen", "paid_fen", "rate_e4"),
                         [(3, 2, 6900, 1500, 2173)])
        self.assertEqual(self.rows("/reports/collection?every=whole&by=area&" + until, "area_name", "rate_e4"), [("东区", 4166), ("西区", 0)])

    def test_one_who_answers_for_one_quarter_sees_its_money_only(self):
        self.house.sign_in("west")
        self.assertEqual(self.rows("/reports/revenue?every=whole", "name", "amount_fen"), [("sewage", 1100), ("water", 2200)])
        self.assertEqual(self.rows("/reports/receipts", "amount_fen"), [])
        self.assertEqual(self.rows("/reports/ageing", "owed_fen"), [(3300,)])
        self.house.call("GET", "/reports/revenue?area_id=%d" % self.estates[0], expect=404)

    def test_a_workbook_and_wrong_words(self):
        text = self.house.call("GET", "/reports/revenue?format=csv", expect=200)
        self.assertEqual(len(text.strip().splitlines()), 3)
        self.assertIn("amount_yuan", text)
        self.house.call("GET", "/reports/revenue?every=week", expect=422)
        self.house.call("GET", "/reports/revenue?by=colour", expect=422)


if __name__ == "__main__":
    unittest.main()
