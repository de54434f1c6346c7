"""The disk fills up: nothing is acknowledged that is not stored, people are told, and room again is enough to go on."""

import resource
import socket
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import Installation
from test_report import DAY_S, last_midnight


class FullDiskTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        building = self.house.add_building()
        self.device_id = self.house.add_device(building, 860300000000001, "000000000301",
                                               installed_s=int(time.time()) - 30 * DAY_S)
        self.device = Device(self.house.coap_port, 860300000000001)
        self.addCleanup(self.device.close)
        self.device.register()
        self.litres = 7000

    def report(self, timeout_s):
        self.litres += 1
        payload = Report(int(time.time()), self.litres, last_midnight(), [7000] + [None] * 6).senml_cbor()
        return self.device.send(payload, timeout_s=timeout_s)

    def stored(self):
        return self.house.call("GET", "/devices/%d" % self.device_id, expect=200)["register_value"]

    def file_limit(self, size):
        resource.prlimit(self.house.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def test_it_goes_on_when_there_is_room_again(self):
        self.assertEqual(self.report(10).code, CHANGED)
        stored = self.stored()
        self.file_limit(4096)
        with self.assertRaises(socket.timeout):
            self.report(1.5)
        self.assertEqual(self.stored(), stored)
        answer = self.house.call("POST", "/devices/%d/commands" % self.device_id, {"kind": "close_valve", "reason": "x"})
        self.assertIn(self.house.status, (503, 507))
        self.assertIn("code", answer["error"])
        self.file_limit(resource.RLIM_INFINITY)
        self.assertEqual(self.report(10).code, CHANGED)
        self.assertEqual(self.stored(), self.litres * 1000)


if __name__ == "__main__":
    unittest.main()
