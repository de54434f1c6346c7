"""kill -9 at random moments: what was acknowledged is there afterwards, once."""

import random
import socket
import threading
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import Installation
from test_report import last_midnight

DEVICES = 12
KILLS = 4


class Reporter(threading.Thread):
    """A device that reports ever larger volumes and remembers the largest one that was acknowledged."""

    def __init__(self, port, imei, first_l):
        super().__init__(daemon=True)
        self.device = Device(port, imei)
        self.volume_l = first_l
        self.acknowledged_l = None
        self.ended = threading.Event()

    def run(self):
        try:
            self.device.register()
            while not self.ended.is_set():
                self.volume_l += 1
                payload = Report(int(time.time()), self.volume_l, last_midnight(), [5000] + [None] * 6).senml_cbor()
                if self.device.send(payload, timeout_s=5).code == CHANGED:
                    self.acknowledged_l = self.volume_l
        except (socket.timeout, OSError):
            pass
        self.device.close()


class KillTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)

    def test_acknowledged_readings_survive(self):
        seed = 20261121
        chance = random.Random(seed)
        self.house.sign_in()
        building = self.house.add_building()
        imeis = [860100000000000 + i for i in range(DEVICES)]
        ids = [self.house.add_device(building, imei, "%012d" % (100 + i),
                                     installed_s=int(time.time()) - 30 * 86400) for i, imei in enumerate(imeis)]
        volumes = [5000] * DEVICES
        for _ in range(KILLS):
            reporters = [Reporter(self.house.coap_port, imei, volume) for imei, volume in zip(imeis, volumes)]
            for reporter in reporters:
                reporter.start()
            time.sleep(chance.uniform(0.1, 0.6))  # when the server dies; nothing waits for it
            self.house.kill()
            for reporter in reporters:
                reporter.ended.set()
                reporter.join()
            self.house.start().sign_in()
            for device_id, reporter in zip(ids, reporters):
                state = self.house.call("GET", "/devices/%d" % device_id, expect=200)
                if reporter.acknowledged_l is not None:
                    self.assertGreaterEqual(state["register_value"], reporter.acknowledged_l * 1000, "seed %d" % seed)
                days = self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"]
                self.assertLessEqual(len(days), 1)
            volumes = [reporter.volume_l for reporter in reporters]


if __name__ == "__main__":
    unittest.main()
