"""A meter registers and reports in each payload format; a person sees the reading; strangers are refused."""

import time
import unittest

from coap_device import (CHANGED, CREATED, DELETE, DELETED, FORBIDDEN, NOT_FOUND, POST, SENML_JSON, TLV, URI_PATH, Device,
                         Report)
from installation import Installation

DAY_S = 86400
ZONE_S = 28800


def last_midnight():
    return (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def device(self, number, **more):
        imei = 860000000000000 + number
        device_id = self.house.add_device(self.building, imei, "%012d" % number, installed_s=int(time.time()) - 30 * DAY_S,
                                          **more)
        device = Device(self.house.coap_port, imei)
        self.addCleanup(device.close)
        return device_id, device

    def report(self, **more):
        midnight = last_midnight()
        values = dict(time_s=int(time.time()), volume_l=7817, midnight_s=midnight,
                      history_l=[7800, 7700, 7600, 7500, 7400, 7300, 7200])
        return Report(**{**values, **more})

    def state(self, device_id):
        return self.house.call("GET", "/devices/%d" % device_id, expect=200)

    def readings(self, device_id):
        return self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"]

    def test_senml_cbor_is_acknowledged_and_shown(self):
        device_id, device = self.device(1)
        self.assertEqual(device.register().code, CREATED)
        self.assertEqual(device.send(self.report().senml_cbor()).code, CHANGED)
        self.assertEqual(len(self.readings(device_id)), 7)
        self.assertEqual(max(row["register_value"] for row in self.readings(device_id)), 7800000)
        self.assertEqual(self.house.call("GET", "/devices/%d" % device_id, expect=200)["firmware_version"], "2.1.4")

    def test_senml_json_says_the_same(self):
        device_id, device = self.device(2)
        device.register()
        self.assertEqual(device.send(self.report().senml_json(), SENML_JSON).code, CHANGED)
        self.assertEqual(len(self.readings(device_id)), 7)

    def test_the_same_report_again_doubles_nothing(self):
        device_id, device = self.device(3)
        device.register()
        payload = self.report().senml_cbor()
        for _ in range(3):
            self.assertEqual(device.send(payload, repeats=2).code, CHANGED)
        self.assertEqual(len(self.readings(device_id)), 7)

    def test_history_fills_a_gap_of_days(self):
        device_id, device = self.device(4, start_register_value=7000000)
        device.register()
        self.assertEqual(device.send(self.report(history_l=[7800, None, None, 7500, None, None, None]).senml_cbor()).code, CHANGED)
        self.assertEqual(len(self.readings(device_id)), 2)
        self.assertEqual(device.send(self.report(volume_l=7818).senml_cbor()).code, CHANGED)
        self.assertEqual(len(self.readings(device_id)), 7)

    def test_backward_values_are_set_aside_with_their_reason(self):
        device_id, device = self.device(5)
        device.register()
        device.send(self.report().senml_cbor())
        device.send(self.report(volume_l=100, history_l=[90, None, None, None, None, None, None]).senml_cbor())
        rows = self.house.call("GET", "/set-aside", expect=200)["items"]
        self.assertIn(device_id, [row["device_id"] for row in rows])
        self.assertEqual(max(row["register_value"] for row in self.readings(device_id)), 7800000)

    def test_unknown_devices_are_refused(self):
        device = Device(self.house.coap_port, 869999999999999)
        self.addCleanup(device.close)
        self.assertEqual(device.register().code, FORBIDDEN)

    def test_a_secured_device_is_refused_over_plain(self):
        _, device = self.device(6, security="psk")
        self.assertEqual(device.register().code, FORBIDDEN)

    def test_an_unknown_handle_makes_the_device_register_again(self):
        _, device = self.device(7)
        self.assertEqual(device.request(POST, [(URI_PATH, "rd"), (URI_PATH, "zzzz")]).code, NOT_FOUND)

    def test_deregister(self):
        _, device = self.device(8)
        device.register()
        self.assertEqual(device.request(DELETE, [(URI_PATH, part) for part in device.location]).code, DELETED)


if __name__ == "__main__":
    unittest.main()
