"""From a tariff to a paid wallet over HTTP: each amount lands once, and debits equal credits."""

import unittest

from installation import PASSWORD, Installation

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}


class MoneyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()
        cls.device = cls.house.add_device(cls.building, 862220000000001, "222000000001")
        cls.tariff = cls.house.call("POST", "/tariffs", {"name": "居民生活用水", "effective_day": "2020-01-01",
                                                         "document": TARIFF}, expect=201)["tariff_id"]
        cls.customer = cls.house.call("POST", "/customers", {"number": "100482", "name": "陈佳怡", "name_initials": "cjy",
                                                             "phones": "13800000417"}, expect=201)["customer_id"]
        cls.account = cls.house.call("POST", "/accounts", {"customer_id": cls.customer, "device_id": cls.device,
                                                           "tariff_id": cls.tariff, "payment_mode": "prepaid_platform"},
                                     expect=201)["account_id"]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def pay(self, key, amount_fen=10000, **more):
        return self.house.call("POST", "/payments", {"account_id": self.account, "amount_fen": amount_fen, "method": "cash",
                                                     "key": key, **more})

    def balance(self):
        return self.house.call("GET", "/accounts/%d" % self.account, expect=200)["balance_fen"]

    def test_a_payment_counts_once_however_often_it_is_sent(self):
        before = self.balance()
        first = self.pay("payment-once")
        self.assertEqual(self.house.status, 201)
        again = self.pay("payment-once")
        self.assertEqual(self.house.status, 200)
        self.assertTrue(again["duplicate"])
        self.assertEqual(again["receipt"], first["receipt"])
        self.assertEqual(self.balance(), before + 10000)
        self.assertEqual(first["balance_fen"], before + 10000)

    def test_the_same_key_for_another_amount_is_refused(self):
        self.pay("payment-other")
        before = self.balance()
        self.assertIn("error", self.pay("payment-other", 20000))
        self.assertEqual(self.house.status, 409)
        self.assertEqual(self.balance(), before)

    def test_a_settlement_issues_what_its_preview_said(self):
        preview = self.house.call("GET", "/settlement/preview", expect=200)
        done = self.house.call("POST", "/settlement", {"to_day": preview["to_day"]}, expect=200)
        self.assertEqual((preview["ready"], preview["amount_fen"]), (done["issued"], done["amount_fen"]))
        self.house.call("GET", "/settlement/preview?to_day=2099-01-01", expect=422)

    def test_debits_equal_credits(self):
        self.pay("payment-balance", 4321)
        trial = self.house.call("GET", "/ledger/trial-balance", expect=200)
        self.assertTrue(trial["balanced"])
        self.assertEqual(trial["debits_fen"], trial["credits_fen"])
        self.assertGreaterEqual(trial["debits_fen"], 4321)

    def test_the_payment_is_seen_everywhere(self):
        receipt = self.pay("payment-seen", 500)["receipt"]
        self.assertIn(receipt, [row["receipt"] for row in self.house.call("GET", "/payments", expect=200)["items"]])
        customer = self.house.call("GET", "/customers/%d" % self.customer, expect=200)
        self.assertIn(receipt, [entry["title"] for entry in customer["timeline"]])
        statement = self.house.call("GET", "/accounts/%d/statement" % self.account, expect=200)["items"]
        self.assertEqual(statement[0]["balance_fen"], self.balance())
        groups = self.house.call("GET", "/search?query=" + receipt, expect=200)["groups"]
        self.assertIn("payment", [group["kind"] for group in groups])

    def test_wrong_amounts_are_named(self):
        for amount in (0, -5, 100000001, 1.5, "100", None, True):
            self.house.call("POST", "/payments", {"account_id": self.account, "amount_fen": amount, "method": "cash",
                                                  "key": "payment-wrong"})
            self.assertIn(self.house.status, (400, 422), amount)
        self.house.call("POST", "/payments", {"account_id": 999, "amount_fen": 1, "method": "cash", "key": "payment-nobody"},
                        expect=404)

    def test_the_cash_desk_finds_by_initials_room_and_phone(self):
        for query in ("cjy", "CJY", "100482", "0417", "13800000417", "138-0000-0417", "222000000001", "3%E6%A0%8B1204", "cjy+1204", "%E9%99%88"):
            items = self.house.call("GET", "/cash-desk/find?query=" + query, expect=200)["items"]
            self.assertEqual([item["account_id"] for item in items], [self.account], query)
        self.assertEqual(self.house.call("GET", "/cash-desk/find?query=zzz", expect=200)["items"], [])

    def test_a_whole_phone_finds_its_customer(self):
        for query in ("13800000417", "138-0000-0417"):
            groups = self.house.call("GET", "/search?query=" + query, expect=200)["groups"]
            self.assertEqual([(group["kind"], len(group["items"])) for group in groups], [("customer", 1)], query)
            found = self.house.call("GET", "/customers?query=" + query, expect=200)
            self.assertEqual(([row["customer_id"] for row in found["items"]], found["count"]), ([self.customer], 1), query)

    def test_prices_by_time_of_day_area_and_power_factor_are_tried(self):
        document = {"utility": "electricity", "unit": "kWh", "items": [{"name": "energy", "tou_prices": {
            "sharp": "1.2", "peak": "1", "flat": "0.6", "valley": "0.3"}}],
            "fixed": [{"name": "capacity", "price": "32", "per": "capacity_kva"}],
            "power_factor": {"standard": "0.90", "rate_below": "0.005"}}
        used = {"sharp": 1200, "peak": 5400, "flat": "8000", "valley": 6000}
        answer = self.house.call("POST", "/tariffs/trial", {"document": document, "tou": used, "capacity_e4": 3150000,
                                                            "power_factor_e8": 86000000}, expect=200)
        self.assertEqual(answer["total_fen"], 2399040)
        self.assertEqual([line["period"] for line in answer["lines"]], ["sharp", "peak", "flat", "valley", ""])
        wrong = self.house.call("POST", "/tariffs/trial", {"document": document, "tou": {"peak": 1}}, expect=422)
        self.assertEqual(wrong["error"]["field"], "tou")

    def test_a_customer_of_another_area_is_changed_by_nobody_elsewhere(self):
        elsewhere = self.house.add_building("9栋")
        self.house.call("POST", "/people", {"login": "elsewhere", "display_name": "乙", "role": "clerk", "area_id": elsewhere,
                                            "password": PASSWORD}, expect=201)
        device = self.house.add_device(elsewhere, 862220000000909, "222000000909")
        tariff = self.house.call("GET", "/tariffs", expect=200)["items"][0]["tariff_id"]
        admin = (self.house.cookie, self.house.csrf)
        self.house.sign_in("elsewhere")
        terms = {"device_id": device, "tariff_id": tariff, "payment_mode": "prepaid_platform"}
        refused = [self.house.call("PATCH", "/customers/%d" % self.customer, {"phones": "13900000000"}, expect=404),
                   self.house.call("POST", "/accounts", {"customer_id": self.customer, **terms}, expect=404)]
        self.assertEqual([answer["error"]["code"] for answer in refused], ["customer_unknown"] * 2)
        # One who has no account yet is whoever's it will be.
        own = self.house.call("POST", "/customers", {"number": "E-9", "name": "新户"}, expect=201)["customer_id"]
        self.house.call("PATCH", "/customers/%d" % own, {"phones": "13900000001"}, expect=200)
        self.house.call("POST", "/accounts", {"customer_id": own, **terms}, expect=201)
        self.assertEqual(self.house.call("GET", "/customers/%d" % own, expect=200)["phones"], "13900000001")
        self.house.cookie, self.house.csrf = admin

    def test_an_account_is_told_its_area(self):
        path = "/accounts/%d/measures" % self.account
        self.assertEqual(self.house.call("GET", path, expect=200)["area_e4"], 0)
        self.assertEqual(self.house.call("PATCH", path, {"area_e4": 905500}, expect=200)["area_e4"], 905500)
        self.house.call("PATCH", path, {"area_e4": 2 ** 63}, expect=400)
        self.house.call("PATCH", path, {"area_e4": -1}, expect=422)
        self.assertEqual(self.house.call("GET", path, expect=200)["area_e4"], 905500)

    def test_another_household_counts_for_later_periods(self):
        path = "/accounts/%d" % self.account
        shown = lambda: [self.house.call("GET", path, expect=200)[name]
                         for name in ("persons", "persons_before", "persons_from", "persons_until")]
        before = shown()[0]
        for body, code in (({"persons": 9, "persons_from": "2020-01-01"}, "persons_days"), ({"persons": 101}, "persons_range"),
                           ({"persons": 9, "persons_from": "2099-02-01", "persons_until": "2099-01-01"}, "persons_days")):
            self.assertEqual(self.house.call("PATCH", path, body, expect=422)["error"]["code"], code)
        self.house.call("PATCH", path, {"persons": before}, expect=200)
        self.assertEqual(shown(), [before, 1, None, None])
        self.house.call("PATCH", path, {"persons": 9, "persons_from": "2099-01-01", "persons_until": "2099-12-31"}, expect=200)
        self.assertEqual(shown(), [9, before, "2099-01-01", "2099-12-31"])

    def test_a_tariff_is_tried_and_its_mistakes_are_explained(self):
        answer = self.house.call("POST", "/tariffs/trial", {"document": TARIFF, "usage_value": 12345000}, expect=200)
        self.assertEqual(answer["total_fen"], 2469)
        self.assertEqual(sum(line["amount_fen"] for line in answer["lines"]), 2469)
        wrong = self.house.call("POST", "/tariffs/trial", {"document": {**TARIFF, "items": [{"name": "water"}]},
                                                           "usage_value": 1}, expect=422)["error"]
        self.assertTrue(wrong["field"].startswith("document"), wrong)

    def test_a_trial_that_cannot_be_charged_says_why(self):
        by_period = {**TARIFF, "items": [{"name": "water", "tou_prices": {"peak": "2", "valley": "1"}}]}
        for document, more, code in ((by_period, {}, "period_unknown"), (TARIFF, {"persons": 5000}, "usage_range"),
                                     ({**TARIFF, "fixed": [{"name": "basic", "price": "1", "per": "area_m2"}]}, {},
                                      "measure_missing")):
            wrong = self.house.call("POST", "/tariffs/trial", {"document": document, "usage_value": 100, **more}, expect=422)
            self.assertEqual(wrong["error"]["code"], code)

    def test_a_trial_takes_the_season_of_its_day(self):
        seasons = {"utility": "water", "unit": "m3", "cycle": "month", "season_limits": {"summer": [10], "other": [5]},
                   "season_months": {"summer": [5, 6, 7, 8, 9, 10]},
                   "items": [{"name": "water", "prices": ["1", "2"], "tax_rate": "0.03"}]}
        for day, total, tax in (("2026-06-30", 1000, 29), ("2026-11-30", 1500, 44)):
            answer = self.house.call("POST", "/tariffs/trial", {"document": seasons, "usage_value": 10000000, "day": day},
                                     expect=200)
            self.assertEqual(answer["total_fen"], total, day)
            self.assertEqual(answer["items"][0]["tax_fen"], tax, day)

    def test_the_first_version_is_added_and_shown(self):
        tariff = self.house.call("POST", "/tariffs", {"name": "绿化用水"}, expect=201)["tariff_id"]
        self.house.call("POST", "/tariffs/%d/versions" % tariff,
                        {"effective_day": "2030-01-01", "document": {**TARIFF, "items": [{"name": "water", "price": 2.1}]}},
                        expect=201)
        versions = self.house.call("GET", "/tariffs/%d" % tariff, expect=200)["versions"]
        self.assertEqual(versions[-1]["effective_day"], "2030-01-01")
        self.assertEqual(versions[-1]["document"]["items"][0]["price"], 2.1)
        self.house.call("POST", "/tariffs/%d/versions" % tariff, {"effective_day": "2031-01-01", "document": TARIFF},
                        expect=409)

    def test_a_viewer_sees_masked_names_even_in_exports(self):
        self.house.call("POST", "/people", {"login": "viewer", "display_name": "v", "role": "viewer",
                                            "area_id": self.house.root_area(), "password": "a-long-test-password"}, expect=201)
        self.house.sign_in("viewer")
        self.addCleanup(self.house.sign_in)
        self.assertEqual(self.house.call("GET", "/customers/%d" % self.customer, expect=200)["name"], "陈*怡")
        text = self.house.call("GET", "/customers?format=csv", expect=200)
        self.assertIn("陈*怡", text)
        self.assertNotIn("陈佳怡", text)
        self.assertNotIn("13800000417", text)


if __name__ == "__main__":
    unittest.main()
