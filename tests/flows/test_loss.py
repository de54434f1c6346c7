"""A zone of loss: a border meter and the meters behind it report over the air; supply minus sold is what was lost."""

import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import Installation

DAY_S = 86400
ZONE_S = 28800
STREET = 250  # meters: each of their midnights looked for among all of them takes longer than a page may


def last_midnight():
    return (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S


def day_text(days_ago):
    return time.strftime("%Y-%m-%d", time.gmtime(last_midnight() + ZONE_S - days_ago * DAY_S))


class LossTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()
        cls.border = cls.meter(1, 1000)
        cls.sold = [cls.meter(2, 400), cls.meter(3, 500)]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @classmethod
    def meter(cls, number, daily_l, hole=None, building=None):
        """A meter that has used the same every day since it was installed, ten days ago."""
        imei = 860000000400000 + number
        device_id = cls.house.add_device(building or cls.building, imei, "%012d" % (400000 + number),
                                         start_register_value=(20000 - 10 * daily_l) * 1000,
                                         installed_s=last_midnight() - 10 * DAY_S)
        history = [20000 - daily_l * day for day in range(7)]
        if hole is not None:
            history[hole] = None
        device = Device(cls.house.coap_port, imei)
        device.register()
        answer = device.send(Report(time_s=int(time.time()), volume_l=20010, midnight_s=last_midnight(),
                                    history_l=history).senml_cbor())
        device.close()
        assert answer.code == CHANGED
        return device_id

    def zone(self, name, supply, **more):
        body = {"name": name, "area_id": self.building, "utility": "cold_water", "supply": supply, **more}
        zone = self.house.call("POST", "/balance-zones", body, expect=201)
        self.addCleanup(self.house.call, "DELETE", "/balance-zones/%d" % zone["balance_zone_id"])
        return zone["balance_zone_id"]

    def balance(self, zone_id, first=6, last=1):
        return self.house.call("GET", "/balance-zones/%d/balance?from_day=%s&to_day=%s" % (
            zone_id, day_text(first), day_text(last)), expect=200)

    def test_loss_is_what_nobody_bought(self):
        found = self.balance(self.zone("district meter", [self.border]))
        self.assertEqual(found["supply_value"], 6 * 1000000)
        self.assertEqual(found["sold_value"], 6 * 900000)
        self.assertEqual(found["loss_value"], 6 * 100000)
        self.assertEqual(found["loss_permille"], 100)
        self.assertEqual((found["supply_meters"], found["sold_meters"]), (1, 2))
        self.assertEqual(found["estimated_meters"] + found["unknown_meters"], 0)
        self.assertEqual([day["loss_value"] for day in found["days"]], [100000] * 6)
        self.assertEqual(found["days"][0]["day"], day_text(6))

    def test_what_leaves_is_no_supply(self):
        found = self.balance(self.zone("two borders", [self.border, -self.sold[0]]))
        self.assertEqual(found["supply_value"], 6 * 600000)
        self.assertEqual(found["sold_value"], 6 * 500000)

    def test_a_missing_midnight_is_estimated_and_said(self):
        building = self.house.add_building("2")
        border = self.meter(4, 100, building=building)
        self.meter(5, 50, hole=3, building=building)
        found = self.balance(self.zone("with a hole", [border], area_id=building))
        self.assertEqual([day["estimated_meters"] for day in found["days"]], [0, 0, 1, 1, 0, 0])
        self.assertEqual(found["estimated_meters"], 0)
        self.assertEqual(found["sold_value"], 6 * 50000)
        self.assertEqual(found["days"][2]["sold_estimated_value"], 50000)

    def test_a_long_street_is_one_zone(self):
        street = self.house.add_building("4")
        numbers = range(1000, 1000 + STREET + 1)
        border, *_ = [self.house.add_device(street, 860000000400000 + number, "%012d" % (400000 + number), start_register_value=0,
                                               installed_s=last_midnight() - 90 * DAY_S) for number in numbers]
        today = (last_midnight() + ZONE_S) // DAY_S
        with self.house.database() as database:
            database.execute("WITH RECURSIVE back(days) AS (SELECT 0 UNION ALL SELECT days + 1 FROM back WHERE days < 69),"
                             " used(device_id, day, total) AS (SELECT d.device_id, %d - days, (90 - days) * CASE d.device_id"
                             "  WHEN %d THEN %d ELSE 1000 END FROM back CROSS JOIN device d WHERE d.area_id = %d)"
                             " INSERT INTO daily_reading SELECT day, device_id, total, total, 0, 0, 1000 FROM used" % (
                                 today, border, STREET * 1100, street))
        found = self.balance(self.zone("a street", [border], area_id=street), first=30)
        self.assertEqual((found["supply_meters"], found["sold_meters"], found["unknown_meters"]), (1, STREET, 0))
        self.assertEqual((found["supply_value"], found["loss_value"]), (30 * STREET * 1100, 30 * STREET * 100))

    def test_a_zone_is_listed_changed_and_noted(self):
        zone_id = self.zone("before", [self.border])
        self.house.call("PATCH", "/balance-zones/%d" % zone_id, {"name": "after", "supply": [self.sold[0], -self.border]},
                        expect=200)
        document = self.house.call("GET", "/balance-zones/%d" % zone_id, expect=200)
        self.assertEqual(document["name"], "after")
        self.assertEqual({row["device_id"]: row["direction"] for row in document["supply"]},
                         {self.sold[0]: "in", self.border: "out"})
        self.assertIn("after", [row["name"] for row in self.house.call("GET", "/balance-zones", expect=200)["items"]])
        actions = [row["action"] for row in self.house.call("GET", "/audit", expect=200)["items"]]
        self.assertIn("balance_zone.change", actions)

    def test_what_cannot_be_is_refused(self):
        for body, field in (({"name": "x", "area_id": self.building, "utility": "gas", "supply": [self.border]}, "supply"),
                            ({"name": "x", "area_id": self.building, "utility": "cold_water", "supply": []}, "supply"),
                            ({"name": "x", "area_id": self.building, "utility": "cold_water", "supply": ["a"]}, "supply"),
                            ({"name": "x", "area_id": 999, "utility": "cold_water", "supply": [self.border]}, "area_id")):
            answer = self.house.call("POST", "/balance-zones", body)
            self.assertEqual(answer["error"]["field"], field, body)
        zone_id = self.zone("days", [self.border])
        self.house.call("GET", "/balance-zones/%d/balance?from_day=2026-01-02&to_day=2026-01-01" % zone_id, expect=422)
        self.house.call("GET", "/balance-zones/%d/balance?from_day=2020-01-01&to_day=2026-01-01" % zone_id, expect=422)
        self.house.call("GET", "/balance-zones/999/balance", expect=404)

    def test_registers_of_a_meter_that_has_none(self):
        self.assertEqual(self.house.call("GET", "/devices/%d/registers" % self.border, expect=200)["items"], [])
        self.assertEqual(self.house.call("GET", "/devices/%d/register-values?quantity=voltage" % self.border,
                                         expect=200)["items"], [])


if __name__ == "__main__":
    unittest.main()
