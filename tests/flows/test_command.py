"""A valve command: queued while the meter sleeps, delivered in its window, verified only by the meter's own report."""

import time
import unittest

from coap_device import BAD_REQUEST, CHANGED, Device, Report
from installation import Installation
from test_report import DAY_S, last_midnight
from waiting import until


class CommandTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def setUp(self):
        number = 200 + len(self.house.call("GET", "/devices", expect=200)["items"])
        self.imei = 860200000000000 + number
        self.device_id = self.house.add_device(self.building, self.imei, "%012d" % number,
                                               installed_s=int(time.time()) - 30 * DAY_S)
        self.device = Device(self.house.coap_port, self.imei)
        self.addCleanup(self.device.close)
        self.litres = 7800

    def report(self, **more):
        self.litres += 1
        payload = Report(int(time.time()), self.litres, last_midnight(), [7800] + [None] * 6, **more).senml_cbor()
        self.assertEqual(self.device.send(payload).code, CHANGED)

    def ask(self, **more):
        body = {"kind": "close_valve", "reason": "试验", **more}
        return self.house.call("POST", "/devices/%d/commands" % self.device_id, body, expect=201)["command_id"]

    def command(self, command_id):
        return self.house.call("GET", "/commands/%d" % command_id, expect=200)

    def states(self, command_id):
        return [step["state"] for step in self.command(command_id)["steps"]]

    def wait_for(self, command_id, state):
        until(lambda: self.command(command_id), lambda command: command["state"] == state)

    def test_it_waits_for_the_window_and_for_the_proof(self):
        command_id = self.ask()
        self.assertEqual(self.command(command_id)["state"], "queued")
        self.device.register()
        self.report()
        request = self.device.wait_request()
        self.assertEqual(request.path, "/33424/0/5")
        self.assertTrue(request.payload.startswith(b"0='close'"), request.payload)
        self.assertLess(len(request.payload), 100)
        self.device.answer(request, CHANGED)
        self.wait_for(command_id, "executed")
        self.report(valve=1)
        self.wait_for(command_id, "verified")
        self.assertEqual(self.states(command_id), ["queued", "sent", "executed", "verified"])

    def test_a_refusal_is_told_with_its_code(self):
        self.device.register()
        command_id = self.ask()
        request = self.device.wait_request()
        self.device.answer(request, BAD_REQUEST)
        self.wait_for(command_id, "failed")
        self.assertIn("4.00", self.command(command_id)["outcome"])

    def test_a_recharge_carries_amount_and_serial(self):
        self.device.register()
        command_id = self.ask(kind="recharge", amount_fen=5000)
        request = self.device.wait_request()
        self.assertEqual(request.path, "/33424/0/6")
        self.assertIn(b"1='5000'", request.payload)
        self.device.answer(request, CHANGED)
        self.wait_for(command_id, "executed")
        serial = int(request.payload.split(b"'")[1])
        self.report(balance=50.0, serial=serial)
        self.wait_for(command_id, "verified")

    def test_a_later_valve_command_replaces_one_that_waits(self):
        first = self.ask()
        second = self.ask(kind="open_valve")
        self.assertEqual(self.command(first)["state"], "cancelled")
        self.assertEqual(self.command(second)["state"], "queued")

    def test_nobody_is_told_that_a_sleeping_meter_is_awake(self):
        for _ in range(2):
            body = {"kind": "read_now", "reason": "试验"}
            answer = self.house.call("POST", "/devices/%d/commands" % self.device_id, body, expect=201)
            self.assertIn("休眠", answer["note"])

    def test_cancel_before_it_leaves(self):
        command_id = self.ask()
        self.house.call("POST", "/commands/%d/cancel" % command_id, {"reason": "不再需要"}, expect=200)
        self.assertEqual(self.command(command_id)["state"], "cancelled")


if __name__ == "__main__":
    unittest.main()
