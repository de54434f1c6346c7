"""A day of quarter-hours: sent in each form, judged, shown, added up over an area; repeats and strangers change nothing."""

import json
import struct
import time
import unittest

from coap_device import BAD_REQUEST, CHANGED, SENML_JSON, Device, Report, cbor
from installation import Installation

DAY_S = 86400
ZONE_S = 28800


def last_midnight():
    return (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S


def day_text(midnight):
    return time.strftime("%Y-%m-%d", time.gmtime(midnight + ZONE_S))


def folded(number):
    return number * 2 if number >= 0 else -number * 2 - 1


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def packed(start_s, litres, minutes=15):
    """Resource 33424/0/21 by its page; None is a quarter that was not latched."""
    out, last = struct.pack(">BBBBI", 1, minutes, 3, len(litres), start_s), 0
    for value in litres:
        out += varint(0) if value is None else varint(folded(value - last) + 1)
        last = last if value is None else value
    return out


class IntervalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()
        cls.begin = last_midnight() - DAY_S  # of yesterday

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def meter(self, number):
        """7,000 L at yesterday's midnight, 7,480 L at the one after: 5 L each quarter."""
        imei = 860000000700000 + number
        device_id = self.house.add_device(self.building, imei, "%012d" % (700000 + number), size_dn_mm=15,
                                          installed_s=int(time.time()) - 30 * DAY_S)
        device = Device(self.house.coap_port, imei)
        self.addCleanup(device.close)
        device.register()
        report = Report(time_s=int(time.time()), volume_l=7490, midnight_s=last_midnight(), history_l=[7480, 7000])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        return device_id, device

    def litres(self):
        return [7000 + 5 * (quarter + 1) for quarter in range(96)]

    def day(self, device_id, **query):
        text = "&".join("%s=%s" % item for item in {"from": day_text(self.begin), "to": day_text(self.begin), **query}.items())
        answer = self.house.call("GET", "/devices/%d/intervals?%s" % (device_id, text), expect=200)
        self.assertEqual(len(answer["items"]), 1)
        return answer["items"][0]

    def test_packed_day_is_shown_and_a_repeat_changes_nothing(self):
        device_id, device = self.meter(1)
        payload = cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, self.litres())}])
        self.assertLess(len(payload), 140)
        for _ in range(2):
            self.assertEqual(device.send(payload).code, CHANGED)
            day = self.day(device_id)
            self.assertEqual((day["missing"], day["refused"], day["sum"], day["period_min"]), (0, 0, "agrees", 15))
            self.assertEqual(day["usage_value"], 480000)
            self.assertEqual([item["usage_value"] for item in day["items"]], [5000] * 96)
            self.assertEqual(day["items"][0]["from_s"], self.begin)
            self.assertEqual((day["night_minimum_value"], day["never_still"]), (20000, True))
        self.assertEqual(len(self.day(device_id, granularity="hour")["items"]), 24)
        channels = self.house.call("GET", "/devices/%d/interval-channels" % device_id, expect=200)["items"]
        self.assertEqual([(row["quantity"], row["days"]) for row in channels], [("water_volume", 1)])
        # What the meter shows now is not what it showed at 24:00.
        self.assertEqual(self.house.call("GET", "/devices/%d" % device_id, expect=200)["register_value"], 7490000)

    def test_the_usage_report_has_quarter_hours(self):
        device_id, device = self.meter(6)
        litres = self.litres()
        litres[30] = 9000
        device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, litres)}]))
        path = "/reports/usage?device_ids=%d&from=%s&to=%s&granularity=" % (device_id, day_text(self.begin), day_text(self.begin))
        rows = self.house.call("GET", path + "minute", expect=200)["items"]
        self.assertEqual(len(rows), 95)  # the value that is not believed is left out
        self.assertEqual(sum(row["usage_value"] for row in rows), 480000)
        hours = self.house.call("GET", path + "hour", expect=200)["items"]
        self.assertEqual([(row["usage_value"], row["mark"]) for row in hours], [(20000, "")] * 24)

    def test_pack_of_volumes_says_the_same(self):
        device_id, device = self.meter(2)
        records = [{"bn": "/3424/0/1", "bt": self.begin + 900, "bv": 7.0, "v": 0.005}]
        records += [{"t": 900 * quarter, "v": (quarter + 1) * 5 / 1000} for quarter in range(1, 96) if quarter not in (40, 41)]
        self.assertEqual(device.send(json.dumps(records[:50]).encode(), SENML_JSON).code, CHANGED)
        self.assertEqual(self.day(device_id)["missing"], 46)
        device.send(json.dumps([{"bn": "/3424/0/1", "bt": self.begin, "t": 900, "v": 7.005}] + [
            {"t": 900 * quarter, "v": 7 + quarter * 5 / 1000} for quarter in range(51, 97)]).encode(), SENML_JSON)
        day = self.day(device_id)
        self.assertEqual((day["missing"], day["sum"]), (2, "agrees"))
        self.assertEqual([item["mark"] for item in day["items"]][39:44],
                         ["measured", "estimated", "estimated", "estimated", "measured"])
        self.assertEqual(sum(item["usage_value"] for item in day["items"]), 480000)
        self.assertIsNone(day["items"][40]["register_value"])

    def test_wild_values_stay_with_their_reason(self):
        device_id, device = self.meter(3)
        litres = self.litres()
        litres[10], litres[20], litres[95] = 9000, 7001, 7400
        device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, litres)}]))
        day = self.day(device_id)
        self.assertEqual([day["items"][at]["quality"] for at in (9, 10, 20, 95)], ["good", "spike", "backward", "backward"])
        self.assertEqual(day["items"][10]["register_value"], 9000000)
        self.assertEqual((day["refused"], day["sum"], day["usage_value"]), (3, "differs", 480000))
        device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, self.litres())}]))
        self.assertEqual(self.day(device_id)["refused"], 0)
        conflicts = self.house.call("GET", "/devices/%d/register-conflicts" % device_id, expect=200)["items"]
        self.assertEqual(sorted(row["other_value"] for row in conflicts), [7001000, 7400000, 9000000])

    def test_report_and_day_in_one_message(self):
        device_id, device = self.meter(4)
        records = [{-3: int(time.time()), 0: "/3424/0/1", 2: 7.495}, {0: "/33424/0/21", 8: packed(self.begin + 900, self.litres())}]
        self.assertEqual(device.send(cbor(records)).code, CHANGED)
        self.assertEqual(self.day(device_id)["missing"], 0)
        self.assertEqual(self.house.call("GET", "/devices/%d" % device_id, expect=200)["register_value"], 7495000)

    def test_damage_is_refused_and_nobody_elses_meter_is_shown(self):
        device_id, device = self.meter(5)
        damaged = packed(self.begin + 900, self.litres())[:-3]
        self.assertEqual(device.send(cbor([{-2: "/33424/0/", 0: "21", 8: damaged}])).code, BAD_REQUEST)
        self.assertFalse(self.day(device_id)["known"])
        self.house.call("GET", "/devices/999999/intervals", expect=404)
        self.house.call("GET", "/devices/%d/intervals?from=2026-02-02&to=2026-01-01" % device_id, expect=422)

    def test_gaps_of_an_old_day_are_gaps_wherever_it_is_shown(self):
        """Days of two months ago: one with a hole and no end, one that never came. Nothing of them is shown as zero."""
        imei, begin = 860000000700080, last_midnight() - 60 * DAY_S
        device_id = self.house.add_device(self.building, imei, "000000700080", installed_s=begin - 30 * DAY_S)
        device = Device(self.house.coap_port, imei)
        self.addCleanup(device.close)
        device.register()
        litres = [value if quarter not in range(40, 44) and quarter < 90 else None for quarter, value in enumerate(self.litres())]
        self.assertEqual(device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(begin + 900, litres)}])).code, CHANGED)
        text = "/devices/%d/intervals?from=%s&to=%s" % (device_id, day_text(begin), day_text(begin + DAY_S))
        day, never = self.house.call("GET", text, expect=200)["items"]
        self.assertEqual((day["missing"], never["known"], never["items"]), (10, False, []))
        self.assertEqual({item["register_value"] for item in day["items"] if item["quality"] == "gap"}, {None})
        # Between two that are known it is spread and called so; behind the last one nothing is known.
        self.assertEqual({item["mark"] for item in day["items"][40:45]}, {"estimated"})
        self.assertEqual([(item["usage_value"], item["mark"]) for item in day["items"][90:]], [(None, "unknown")] * 6)
        path = "/reports/usage?device_ids=%d&from=%s&to=%s&granularity=" % (device_id, day_text(begin), day_text(begin + DAY_S))
        rows = self.house.call("GET", path + "minute", expect=200)["items"]
        self.assertEqual([row["mark"] for row in rows if row["usage_value"] == 0], [])
        # From instant to instant that is known; the one behind the hole has what flowed in it.
        self.assertEqual((len(rows), sum(row["usage_value"] for row in rows)), (96 - 10 - 1, 89 * 5000))

    def test_area_adds_up_and_days_come_in_pages(self):
        area = self.house.add_building("5栋")
        imei = 860000000700090
        device_id = self.house.add_device(area, imei, "000000700090", installed_s=int(time.time()) - 60 * DAY_S)
        device = Device(self.house.coap_port, imei)
        self.addCleanup(device.close)
        device.register()
        device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, self.litres())}]))
        curve = self.house.call("GET", "/load-curve?area_id=%d" % area, expect=200)
        self.assertEqual((curve["day"], curve["meters"], curve["reporting_meters"]), (day_text(self.begin), 1, 1))
        self.assertEqual([item["usage_value"] for item in curve["items"][:3]], [None, 5000, 5000])
        hours = self.house.call("GET", "/load-curve?area_id=%d&granularity=hour" % area, expect=200)
        self.assertEqual([item["measured_meters"] for item in hours["items"]], [0] + [1] * 23)
        first = self.house.call("GET", "/devices/%d/intervals?from=%s" % (device_id, day_text(self.begin - 39 * DAY_S)), expect=200)
        self.assertEqual(len(first["items"]), 31)
        second = self.house.call("GET", "/devices/%d/intervals?cursor=%s" % (device_id, first["next"]), expect=200)
        self.assertEqual((len(second["items"]), second["next"], second["items"][-1]["known"]), (9, None, True))


if __name__ == "__main__":
    unittest.main()
