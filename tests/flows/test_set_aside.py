"""Values that are not believed wait for a person; alarms come and go; an exchanged meter continues the total."""

import time
import unittest

from coap_device import Device, Report
from installation import Installation

DAY_S = 86400
ZONE_S = 28800
MAGNET = 1 << 7


def last_midnight():
    return (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S


class SetAsideTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def device(self, number):
        imei = 860000000100000 + number
        device_id = self.house.add_device(self.building, imei, "1%011d" % number,
                                          installed_s=int(time.time()) - 30 * DAY_S)
        return device_id, self.meet(imei)

    def meet(self, imei):
        device = Device(self.house.coap_port, imei)
        self.addCleanup(device.close)
        device.register()
        return device

    def say(self, device, history_l, volume_l=None, **more):
        """A report with these midnights, the newest first."""
        whole = (history_l + [None] * 7)[:7]
        volume_l = volume_l if volume_l is not None else next(litres for litres in whole if litres is not None)
        report = Report(time_s=int(time.time()), volume_l=volume_l, midnight_s=last_midnight(), history_l=whole, **more)
        device.send(report.senml_cbor())

    def open_values(self, device_id):
        rows = self.house.call("GET", "/set-aside?open=true", expect=200)["items"]
        return [row for row in rows if row["device_id"] == device_id]

    def newest(self, device_id):
        rows = self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"]
        return max(rows, key=lambda row: row["day"])

    def open_events(self, device_id):
        rows = self.house.call("GET", "/devices/%d/events" % device_id, expect=200)["items"]
        return sorted(row["kind"] for row in rows if row["cleared_s"] is None)

    def jump(self, number):
        device_id, device = self.device(number)
        self.say(device, [None, 7700, 7600])
        self.say(device, [400000, 7700, 7600])
        (row,) = self.open_values(device_id)
        self.assertEqual(row["reason"], "jump")
        self.assertEqual(self.open_events(device_id), ["set_aside"])
        return device_id, device, row["set_aside_id"]

    def test_an_accepted_jump_becomes_a_reading(self):
        device_id, device, set_aside_id = self.jump(1)
        self.house.call("POST", "/set-aside/%d" % set_aside_id, {"decision": "accepted", "reason": "burst pipe"}, expect=200)
        self.assertEqual(self.open_values(device_id), [])
        self.assertEqual(self.open_events(device_id), [])
        self.assertEqual(self.newest(device_id)["register_value"], 400000000)
        self.assertEqual(self.newest(device_id)["quality"], 2)
        self.house.call("POST", "/set-aside/%d" % set_aside_id, {"decision": "rejected", "reason": "again"}, expect=409)

    def test_a_rejected_jump_changes_no_reading(self):
        device_id, device, set_aside_id = self.jump(2)
        self.house.call("POST", "/set-aside/%d" % set_aside_id, {"decision": "rejected", "reason": "reading head"}, expect=200)
        self.assertEqual(self.newest(device_id)["register_value"], 7700000)
        self.say(device, [7800, 7700, 7600])
        self.assertEqual(self.newest(device_id)["register_value"], 7800000)
        self.assertEqual(self.open_values(device_id), [])

    def test_an_alarm_is_raised_and_cleared(self):
        device_id, device = self.device(3)
        self.say(device, [7800], alarms=MAGNET)
        self.assertEqual(self.open_events(device_id), ["magnet"])
        self.say(device, [7800], volume_l=7801)
        self.assertEqual(self.open_events(device_id), [])

    def test_an_exchanged_meter_continues_the_total(self):
        device_id, device = self.device(4)
        self.say(device, [7800, 7700])
        body = {"new_imei": 860000000100099, "new_meter_number": "199999999999", "old_end_value": 7700000,
                "new_start_value": 0, "reason": "six years old"}
        refused = self.house.call("POST", "/devices/%d/exchange" % device_id, body, expect=422)
        self.assertEqual(refused["error"]["field"], "old_end_value")
        answer = self.house.call("POST", "/devices/%d/exchange" % device_id, {**body, "old_end_value": 7810000})
        new_id = answer["device_id"]
        self.assertNotEqual(new_id, device_id)
        self.say(self.meet(860000000100099), [None], volume_l=5)
        # The total began with the first reading, 7,700 L: 110 L through the old meter, 5 L through the new one.
        self.assertEqual(self.house.call("GET", "/devices/%d" % new_id, expect=200)["total_value"], 115000)


if __name__ == "__main__":
    unittest.main()
