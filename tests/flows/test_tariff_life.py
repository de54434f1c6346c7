"""A price from its draft over the dry run on real use to its release by a second person, over HTTP."""

import datetime
import unittest

from installation import PASSWORD, Installation
from waiting import until

OLD = {"utility": "water", "unit": "m3", "cycle": "month", "limits": [10], "items": [{"name": "water", "prices": ["2.00", "4.00"]}]}
NEW = {**OLD, "items": [{"name": "water", "prices": ["1.50", "6.00"]}]}
DAY = datetime.timedelta(days=1)


def month_start(day, back=0):
    for _ in range(back):
        day = day.replace(day=1) - DAY
    return day.replace(day=1)


class TariffLifeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        root, building = cls.house.root_area(), cls.house.add_building()
        for login, name, area in (("second", "李建国", root), ("local", "王静", building)):
            cls.house.call("POST", "/people", {"login": login, "display_name": name, "role": "administrator", "area_id": area,
                                               "password": PASSWORD}, expect=201)
        cls.tariff = cls.house.call("POST", "/tariffs", {"name": "居民生活用水", "effective_day": "2020-01-01", "document": OLD},
                                    expect=201)["tariff_id"]
        for number in range(4):
            device = cls.house.add_device(building, 862220000000001 + number, "22200000000%d" % number)
            customer = cls.house.call("POST", "/customers", {"number": str(number), "name": "陈佳怡"}, expect=201)["customer_id"]
            cls.house.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": cls.tariff,
                                                 "payment_mode": "prepaid_platform" if number else "postpaid"}, expect=201)
        cls.house.call("PATCH", "/customers/3", {"protected_until_s": 4000000000, "protected_reason": "低保"}, expect=200)
        cls.today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        cls.tomorrow = (cls.today + DAY).isoformat()
        cls.house.stop()
        cls.use_put((8, 20, 10.5, None))
        cls.house.start()
        cls.house.sign_in()

    @classmethod
    def use_put(cls, months_use):
        """The midnights of the last two whole months: each device used so many m3 in either."""
        with cls.house.database() as database:
            for device, use in enumerate(months_use, 1):
                for back in (2, 1, 0):
                    day = (month_start(cls.today, back) - datetime.date(1970, 1, 1)).days
                    if use is not None:
                        database.execute("INSERT INTO daily_reading VALUES (?, ?, ?, ?, 0, 0, 1000)",
                                         (day, device, 0, int((2 - back) * use * 1000000)))

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def setUp(self):
        self.house.sign_in()

    def draft(self, document=NEW, day=None, expect=201):
        return self.house.call("POST", "/tariffs/%d/drafts" % self.tariff,
                               {"effective_day": day or self.tomorrow, "document": document}, expect=expect)

    def decide(self, draft, verb, expect=200, **body):
        return self.house.call("POST", "/tariff-drafts/%d/%s" % (draft["tariff_draft_id"], verb), body, expect=expect)

    def read(self, draft):
        return self.house.call("GET", "/tariff-drafts/%d" % draft["tariff_draft_id"], expect=200)

    def tried(self, draft, months=2):
        self.decide(draft, "dry-run", months=months)
        return until(lambda: self.read(draft), lambda now: now["run_state"] != "running")

    def versions(self):
        return [version["effective_day"] for version in
                self.house.call("GET", "/tariffs/%d" % self.tariff, expect=200)["versions"]]

    def test_the_dry_run_tells_who_pays_how_much_more(self):
        draft = self.tried(self.draft())
        self.assertEqual((draft["run_state"], draft["run_total"], draft["run_done"], draft["run_skipped"]), ("done", 4, 4, 1))
        # 8: 16 -> 12; 20: 20 + 40 -> 15 + 60; 10.5: 20 + 2 -> 15 + 3, a month
        self.assertEqual((draft["run_present_fen"], draft["run_draft_fen"]), (2 * 9800, 2 * 10500))
        self.assertEqual((draft["run_more"], draft["run_less"], draft["run_protected_more"]), (1, 2, 0))
        self.assertEqual(draft["run_buckets"], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0])
        self.assertEqual((draft["run_median_fen"], draft["run_largest_fen"]), (-400, 1500))
        path = "/tariff-drafts/%d/accounts" % draft["tariff_draft_id"]
        more = self.house.call("GET", path, expect=200)["items"]
        self.assertEqual([(row["account_id"], row["present_fen"], row["draft_fen"]) for row in more], [(2, 12000, 15000)])
        less = self.house.call("GET", path + "?change=less&limit=1", expect=200)
        self.assertEqual([row["change_fen"] for row in less["items"]], [-800])
        rest = self.house.call("GET", path + "?change=less&limit=1&cursor=%s" % less["next"], expect=200)["items"]
        self.assertEqual([(row["change_fen"], row["protected"]) for row in rest], [(-800, True)])
        held = self.house.call("GET", path + "?change=held", expect=200)["items"]
        self.assertEqual([(row["account_id"], row["held"]) for row in held], [(4, "midnight_missing")])
        self.assertEqual(self.house.call("GET", "/ledger/transfers", expect=200)["items"], [])
        self.assertEqual(self.house.call("GET", "/bills", expect=200)["items"], [])

    def test_another_person_releases_and_it_can_be_withdrawn_before_its_day(self):
        draft = self.draft()
        self.assertEqual(self.decide(draft, "submit", expect=409)["error"]["code"], "dry_run_missing")
        self.tried(draft)
        self.decide(draft, "release", expect=409)
        self.assertEqual(self.decide(draft, "submit")["state"], "asked")
        self.house.call("PATCH", "/tariff-drafts/%d" % draft["tariff_draft_id"], {"document": OLD}, expect=409)
        self.assertEqual(self.decide(draft, "release", expect=409)["error"]["code"], "second_person")
        self.house.sign_in("second")
        self.assertEqual(self.decide(draft, "refuse", expect=422)["error"]["code"], "reason_form")
        self.assertEqual(self.decide(draft, "refuse", reason="第二档过高")["state"], "draft")
        self.house.sign_in()
        self.decide(draft, "submit")
        self.house.sign_in("second")
        released = self.decide(draft, "release", reason="听证会通过")
        self.assertEqual((released["state"], released["decided_by_name"]), ("released", "李建国"))
        self.assertEqual(self.versions(), ["2020-01-01", self.tomorrow])
        self.assertEqual(self.draft(expect=409)["error"]["code"], "effective_day_taken")
        self.decide(draft, "release", expect=409)
        self.house.call("PATCH", "/tariff-drafts/%d" % draft["tariff_draft_id"], {"document": OLD}, expect=409)
        self.assertEqual(self.decide(draft, "withdraw", reason="推迟")["state"], "withdrawn")
        self.assertEqual(self.versions(), ["2020-01-01"])
        self.decide(draft, "withdraw", expect=409)
        actions = [row["action"] for row in self.house.call("GET", "/audit?limit=100", expect=200)["items"]]
        waited = self.house.call("GET", "/approvals?kind=tariff&limit=100", expect=200)["items"]
        self.assertEqual(sorted({row["state"] for row in waited}), ["approved", "refused"])
        for action in ("tariff.draft", "tariff.dry_run", "tariff.ask", "tariff.refuse", "tariff.release", "tariff.withdraw"):
            self.assertIn(action, actions)

    def test_a_change_makes_the_dry_run_void(self):
        draft = self.tried(self.draft(), months=1)
        path = "/tariff-drafts/%d" % draft["tariff_draft_id"]
        changed = self.house.call("PATCH", path, {"document": {**NEW, "limits": [12]}}, expect=200)
        self.assertEqual((changed["run_state"], changed["document"]["limits"]), ("none", [12]))
        self.decide(draft, "submit", expect=409)
        day = (self.today + 9 * DAY).isoformat()
        self.assertEqual(self.house.call("PATCH", path, {"effective_day": day}, expect=200)["effective_day"], day)
        self.decide(draft, "dry-run/cancel", expect=409)
        self.assertEqual(self.decide(draft, "withdraw")["state"], "withdrawn")

    def test_mistakes_are_named(self):
        wrong = self.draft({**NEW, "limits": [10, 5], "items": [{"name": "water", "prices": ["1", "2", "3"]}]}, expect=422)
        self.assertEqual(wrong["error"]["field"], "document.limits")
        self.assertEqual(self.draft(day="2020-02-29", expect=422)["error"]["code"], "effective_day_range")
        self.draft(day="2030-02-29", expect=422)
        self.house.call("POST", "/tariffs/999/drafts", {"effective_day": self.tomorrow, "document": NEW}, expect=404)
        self.house.call("GET", "/tariff-drafts/999", expect=404)
        draft = self.draft()
        for months in (0, -1, 13, 2 ** 31):
            self.decide(draft, "dry-run", expect=422, months=months)
        later = self.house.call("POST", "/tariffs/%d/versions" % self.tariff, {"effective_day": self.tomorrow, "document": NEW},
                                expect=409)
        self.assertEqual(later["error"]["code"], "tariff_release")

    def test_prices_concern_the_whole_company(self):
        draft = self.draft()
        self.house.sign_in("local")
        self.assertEqual(self.draft(expect=403)["error"]["code"], "whole_company_only")
        self.decide(draft, "withdraw", expect=403)
        self.house.call("GET", "/tariff-drafts/%d" % draft["tariff_draft_id"], expect=404)
        self.assertEqual(self.house.call("GET", "/tariff-drafts", expect=200)["items"], [])


if __name__ == "__main__":
    unittest.main()
