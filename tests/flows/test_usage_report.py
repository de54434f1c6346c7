"""Reports over any set of meters: pages of JSON, and workbooks that a reader of somebody else opens again."""

import datetime
import http.client
import io
import sys
import time
import unittest

from waiting import PATIENCE_S



sys.path.append("/usr/lib/python3/dist-packages")  # Debian's package, whichever Python runs the tests
import openpyxl  # noqa: E402

from coap_device import CHANGED, Device, Report
from installation import Installation

DAY_S = 86400
ZONE_S = 28800
WATER = 1 << 16  # QUANTITY_WATER_VOLUME


def last_midnight():
    return (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S


def day_text(days_ago):
    return time.strftime("%Y-%m-%d", time.gmtime(last_midnight() + ZONE_S - days_ago * DAY_S))


class UsageReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building("3栋 & <甲>")
        cls.meters = [cls.meter(number) for number in (1, 2, 3)]
        cls.hours(cls.meters[0])

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @classmethod
    def meter(cls, number):
        """A meter that has used 100 L times its number every day since it was installed, ten days ago."""
        imei = 860000000500000 + number
        daily_l = 100 * number
        device_id = cls.house.add_device(cls.building, imei, "%012d" % (500000 + number),
                                         start_register_value=(20000 - 10 * daily_l) * 1000,
                                         installed_s=last_midnight() - 10 * DAY_S)
        device = Device(cls.house.coap_port, imei)
        device.register()
        answer = device.send(Report(time_s=int(time.time()), volume_l=20010, midnight_s=last_midnight(),
                                    history_l=[20000 - daily_l * day for day in range(7)]).senml_cbor())
        device.close()
        assert answer.code == CHANGED
        return device_id

    @classmethod
    def hours(cls, device_id):
        """A curve of the day before yesterday: 4 L an hour from one o'clock to ten, seven missing."""
        begin = last_midnight() - 2 * DAY_S
        rows = [(device_id, WATER, 0, begin + hour * 3600, 19800000 + hour * 4000, 1000, 0, begin + DAY_S)
                for hour in range(1, 11) if hour != 7]
        with cls.house.database() as database:
            database.executemany("INSERT INTO register_reading VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def fetch(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request("GET", "/api/v1" + path, headers={"Cookie": self.house.cookie})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        self.assertEqual(response.status, 200, content[:300])
        return content

    def sheet(self, path):
        book = openpyxl.load_workbook(io.BytesIO(self.fetch(path)), read_only=True)
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]

    def usage(self, query):
        return self.house.call("GET", "/reports/usage?" + query, expect=200)

    def test_days_of_all_meters(self):
        rows = self.usage("from=%s&to=%s" % (day_text(6), day_text(1)))["items"]
        self.assertEqual(len(rows), 18)
        for index, device_id in enumerate(self.meters):
            self.assertEqual([row["usage_value"] for row in rows if row["device_id"] == device_id], [(index + 1) * 100000] * 6)
        self.assertEqual(rows[5]["register_value"], 20000000)
        self.assertEqual(rows[5]["to_s"], last_midnight())

    def test_a_gap_stays_visible(self):
        rows = self.usage("from=%s&to=%s&device_ids=%d" % (day_text(9), day_text(1), self.meters[0]))["items"]
        self.assertEqual([row["mark"] for row in rows], ["missing"] * 3 + [""] * 6)
        self.assertIsNone(rows[2]["usage_value"])

    def test_hours_with_midnight_and_a_hole(self):
        day = day_text(2)
        rows = self.usage("granularity=hour&from=%s&to=%s&device_ids=%d" % (day, day, self.meters[0]))["items"]
        self.assertEqual(len(rows), 24)
        self.assertEqual([row["usage_value"] for row in rows[:11]], [4000] * 6 + [None, None] + [4000, 4000, None])
        self.assertEqual(rows[0]["from_s"], last_midnight() - 2 * DAY_S)

    def test_minutes_are_the_stored_instants(self):
        day = day_text(2)
        rows = self.usage("granularity=minute&from=%s&to=%s&device_ids=%d" % (day, day, self.meters[0]))["items"]
        self.assertEqual(len(rows), 10)
        self.assertEqual(rows[6]["usage_value"], 8000)
        self.assertEqual(rows[6]["to_s"] - rows[6]["from_s"], 7200)

    def test_pages_of_meters(self):
        some = ",".join(str(number) for number in reversed(self.meters))
        for way in ("", "&area_id=%d" % self.building, "&kind=cold_water", "&device_ids=" + some):
            query = "from=%s&to=%s&limit=2%s" % (day_text(2), day_text(1), way)
            first = self.usage(query)
            second = self.usage(query + "&cursor=" + first["next"])
            self.assertEqual([row["device_id"] for row in first["items"]], [m for m in self.meters[:2] for _ in range(2)], way)
            self.assertEqual([row["device_id"] for row in second["items"]], [self.meters[2]] * 2, way)
            self.assertIsNone(second["next"], way)

    def test_months_and_years(self):
        for step in ("month", "year"):
            rows = self.usage("granularity=%s&from=%s&to=%s" % (step, day_text(0), day_text(0)))["items"]
            for row in rows:
                self.assertLess(row["from_s"], row["to_s"])

    def test_the_workbook_is_opened_again(self):
        rows = self.sheet("/reports/usage?format=xlsx&granularity=hour&from=%s&to=%s" % (day_text(2), day_text(1)))
        self.assertEqual(rows[0], ["表号", "位置", "类型", "开始", "结束", "止码", "用量", "单位", "倍率", "标记"])
        mine = [row for row in rows[1:] if row[0] == "000000500001"]
        self.assertEqual(len(mine), 48)
        self.assertIn("3栋 & <甲>", mine[0][1])
        self.assertEqual(mine[1][3:9], [datetime.datetime.fromisoformat(day_text(2)) + datetime.timedelta(hours=1),
                                        datetime.datetime.fromisoformat(day_text(2)) + datetime.timedelta(hours=2),
                                        19.808, 0.004, "m³", 1])
        self.assertEqual(mine[6][6], None)
        self.assertEqual(mine[6][9], "缺数")

    def test_what_meters_show_now(self):
        items = self.house.call("GET", "/reports/current?kind=cold_water", expect=200)["items"]
        self.assertEqual([row["register_value"] for row in items], [20010000] * 3)
        rows = self.sheet("/reports/current?format=xlsx")
        self.assertEqual(len(rows), 4)
        column = rows[0].index("读数 (m³/kWh)")
        self.assertEqual([row[column] for row in rows[1:]], [20.01] * 3)
        read_at = rows[1][rows[0].index("抄表时间")]
        self.assertLess(abs((read_at - datetime.datetime.utcnow()).total_seconds() - ZONE_S), 600)

    def test_a_day_by_area(self):
        items = self.house.call("GET", "/reports/daily?day=" + day_text(3), expect=200)["items"]
        self.assertEqual([(row["usage_value"], row["meters"], row["received_meters"], row["device_kind"]) for row in items],
                         [(600000, 3, 3, "cold_water")])
        rows = self.sheet("/reports/daily?format=xlsx&day=" + day_text(3))
        self.assertEqual(rows[1][rows[0].index("用量 (m³/kWh)")], 0.6)

    def test_lists_are_workbooks_too(self):
        rows = self.sheet("/devices?format=xlsx")
        self.assertEqual(sorted(row[rows[0].index("表号")] for row in rows[1:]),
                         ["000000500001", "000000500002", "000000500003"])
        empty = openpyxl.load_workbook(io.BytesIO(self.fetch("/bills?format=xlsx")))
        self.assertEqual(len(empty.worksheets), 1)

    def test_exports_are_noted_and_bounds_kept(self):
        self.fetch("/reports/usage?format=xlsx&from=%s&to=%s" % (day_text(2), day_text(1)))
        actions = [row["action"] for row in self.house.call("GET", "/audit", expect=200)["items"]]
        self.assertIn("report.export", actions)
        for query in ("from=2026-01-02&to=2026-01-01", "granularity=minute&from=2026-01-01&to=2026-03-01",
                      "granularity=hour&from=2025-01-01&to=2026-01-01", "granularity=week"):
            self.house.call("GET", "/reports/usage?" + query, expect=422)


class MeterListTest(unittest.TestCase):
    """Which meters a report is about, page by page."""

    def setUp(self):
        self.house = Installation().start()
        self.house.sign_in()
        self.addCleanup(self.house.close)

    def meter(self, area_id, number, kind):
        return self.house.add_device(area_id, 860000000600000 + number, "%012d" % (600000 + number), kind=kind,
                                     installed_s=last_midnight() - 2 * DAY_S)

    def walk(self, path):
        """All rows of a list, a page of one after the other."""
        rows, cursor = [], ""
        while cursor is not None:
            page = self.house.call("GET", "%s&limit=1%s" % (path, cursor), expect=200)
            rows += page["items"]
            cursor = page["next"] and "&cursor=%s" % page["next"]
        return rows

    def test_every_way_to_meters_ends_with_all_of_them_once(self):
        """The whole company, one area, one kind and a list are found by ways of their own."""
        estate = self.house.add_area(self.house.root_area(), "estate", "甲")
        rooms = [self.house.add_area(estate, "building", name) for name in ("1栋", "2栋")]
        below = self.house.add_building("3栋")
        cold = [self.meter(below, number, "cold_water") for number in range(3)]
        # Numbered across the buildings, so that the order of places is not that of the numbers.
        heat = [self.meter(rooms[number % 2], number, "heat") for number in range(10, 15)]
        some = ",".join(str(number) for number in (heat[3], heat[0], cold[1]))
        for query, meters in (("", cold + heat), ("&kind=heat", heat), ("&kind=gas", []), ("&area_id=%d" % estate, heat),
                              ("&area_id=%d&kind=cold_water" % estate, []), ("&device_ids=" + some, [heat[0], heat[3], cold[1]]),
                              ("&area_id=%d&device_ids=%s" % (estate, some), [heat[0], heat[3]])):
            found = [row["device_id"] for row in self.walk("/reports/current?format=json" + query)]
            self.assertEqual(sorted(found), sorted(meters), query)

    def test_a_day_by_area_loses_no_kind_between_pages(self):
        house = self.house.add_building("冷热")
        for number, kind in enumerate(("cold_water", "hot_water", "hot_water", "electricity")):
            self.meter(house, 20 + number, kind)
        rows = self.walk("/reports/daily?area_id=%d&day=%s" % (house, day_text(1)))
        self.assertEqual([(row["device_kind"], row["meters"]) for row in rows], [("cold_water", 1), ("hot_water", 2), ("electricity", 1)])
        above = self.walk("/reports/daily?day=" + day_text(1))
        self.assertEqual([row for row in above if row["area_id"] == house], rows)
        self.assertEqual(self.walk("/reports/daily?area_id=%d&day=%s" % (house, day_text(3))), [])


if __name__ == "__main__":
    unittest.main()
