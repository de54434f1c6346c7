"""A relay behind a concentrator: refused by a wrong password, turned by the right one, proven by the meter's own state."""

import unittest

from concentrator_peer import ConcentratorPeer, Meter
from installation import Installation

NUMBER = 202600000001


class LineControl(unittest.TestCase):
    def setUp(self):
        self.installation = Installation().start()
        self.addCleanup(self.installation.close)
        self.installation.sign_in()
        building = self.installation.add_building()
        line = self.installation.call("POST", "/concentrators", {"area_id": building, "address": "440112345"}, expect=201)
        self.line = line["device_id"]
        answer = self.installation.call("POST", "/devices", {
            "area_id": building, "meter_number": str(NUMBER), "kind": "electricity", "parent_device_id": self.line,
            "password": "000001"}, expect=201)
        self.meter_id = answer["device_id"]
        self.assertEqual((answer["imei"], answer["measurement_point"], answer["has_password"]), (None, 1, True))
        self.assertNotIn("000001\"", str(answer).replace(str(NUMBER), ""))
        self.meter = Meter(NUMBER, password="246810")

    def dial_in(self):
        peer = ConcentratorPeer(self.installation.lines_port, self.meter)
        self.addCleanup(peer.close)

    def command(self, kind, **more):
        return self.installation.call("POST", f"/devices/{self.meter_id}/commands", {"kind": kind, "reason": "test", **more},
                                      expect=201)

    def wait_for_end(self, command_id):
        return self.installation.until(f"/commands/{command_id}", lambda command: command["finished_s"] is not None)

    def test_wrong_password_then_right_one(self):
        asked = self.command("open_relay")
        self.assertIn("离线", asked["note"])
        self.dial_in()
        command = self.wait_for_end(asked["command_id"])
        self.assertEqual((command["state"], command["outcome"]), ("failed", "line_refused password"))
        self.assertFalse(self.meter.disconnected)
        self.installation.call("PATCH", f"/devices/{self.meter_id}", {"password": "246810"}, expect=200)
        asked = self.command("open_relay")
        self.assertIn("在线", asked["note"])
        command = self.wait_for_end(asked["command_id"])
        self.assertEqual((command["state"], command["outcome"]), ("verified", "valve_shown_closed"))
        self.assertEqual([step["state"] for step in command["steps"]], ["queued", "sent", "executed", "verified"])
        self.assertTrue(self.meter.disconnected)
        self.assertIn(0x11, [control for control, _ in self.meter.asked])
        device = self.installation.call("GET", f"/devices/{self.meter_id}", expect=200)
        self.assertEqual(device["valve_state"], 1)
        command = self.wait_for_end(self.command("close_relay")["command_id"])
        self.assertEqual((command["state"], command["outcome"]), ("verified", "valve_shown_open"))
        self.assertFalse(self.meter.disconnected)

    def test_what_the_model_cannot_do_is_said(self):
        self.dial_in()
        asked = self.command("write_parameter", parameter="flow_limit", value=1000000)
        command = self.wait_for_end(asked["command_id"])
        self.assertEqual((command["state"], command["outcome"]), ("failed", "line_refused unsupported"))
        kinds = [row["kind"] for row in
                 self.installation.call("GET", f"/devices/{self.meter_id}/commands-available", expect=200)["items"]]
        self.assertIn("open_relay", kinds)
        self.assertIn("permit_close", kinds)
        self.assertIn("set_mode", kinds)
        self.assertNotIn("write_parameter", kinds)
        self.installation.call("POST", f"/devices/{self.meter_id}/commands",
                               {"kind": "set_mode", "value": 9, "reason": "test"}, expect=422)

    def test_no_secret_lies_open_in_the_data_folder(self):
        self.installation.call("PATCH", f"/devices/{self.meter_id}", {"password": "975318"}, expect=200)
        self.installation.stop()
        with self.installation.database() as database:
            self.assertNotIn(b"975318", database.content())


if __name__ == "__main__":
    unittest.main()
