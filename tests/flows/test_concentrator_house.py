"""The whole way: the program on one side, the concentrator's core with real meter cores on the other. The archive is
downloaded, four utilities are read on demand, a relay is turned and proven."""

import os
import signal
import subprocess
import unittest

from installation import Installation

PROGRAM = os.environ.get("METERWORKS", os.path.join(os.path.dirname(__file__), "../../build/meterworks"))
TERMINAL = 12345
UTILITIES = ["电", "冷水", "燃气", "热量"]


class ConcentratorHouse(unittest.TestCase):
    options = ["--full", "--empty"]

    def setUp(self):
        self.installation = Installation().start()
        self.addCleanup(self.installation.close)
        self.installation.sign_in()
        building = self.installation.add_building()
        answer = self.installation.call("POST", "/concentrators", {
            "area_id": building, "address": f"4403{TERMINAL:05d}", "name": "C-01"}, expect=201)
        self.line = answer["device_id"]
        rows = "".join(f"{TERMINAL * 1000 + i + 1:012d},{utility},C-01,{101 + i},{2 if i == 0 else 3}\n" for i, utility in enumerate(UTILITIES))
        answer = self.installation.call("POST", "/devices/import?dry_run=false",
                                        raw=("表号,类型,集中器,房号,端口\n" + rows).encode(),
                                        headers={"Content-Type": "text/csv; charset=utf-8"})
        self.assertEqual((answer["entered"], answer["problems"]), (len(UTILITIES), []))
        self.concentrators = subprocess.Popen(
            [PROGRAM, "concentrators", "--connect", f"127.0.0.1:{self.installation.lines_port}", "--spread", "0",
             "--first-address", str(TERMINAL), "--meters", str(len(UTILITIES)), "--four", *self.options],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.concentrators.stdout.close)
        self.addCleanup(self.concentrators.wait)
        self.addCleanup(self.concentrators.send_signal, signal.SIGTERM)

    def download(self):
        self.installation.call("POST", f"/concentrators/{self.line}/archive/download", {}, expect=202)
        return self.installation.until(f"/concentrators/{self.line}/archive", lambda archive: archive["finished_s"] is not None)

    def meters(self):
        items = self.installation.call("GET", "/devices?limit=50", expect=200)["items"]
        return sorted((item["meter_number"], item["device_id"]) for item in items if item["meter_number"].startswith("0000"))

    def test_four_utilities_are_read(self):
        archive = self.download()
        self.assertEqual((archive["state"], archive["differences"]), ("agreed", 0))
        for number, device_id in self.meters():
            task = self.installation.call("POST", f"/devices/{device_id}/read", {"what": "current"}, expect=201)
            task = self.installation.until(f"/reading-tasks/{task['task_id']}", lambda asked: asked["state"] != "open")
            items = self.installation.call("GET", f"/reading-tasks/{task['task_id']}/items", expect=200)["items"]
            self.assertEqual([item["state"] for item in items], ["done"], (number, items))

    def test_a_relay_is_turned(self):
        self.download()
        electricity = self.meters()[0][1]
        self.installation.call("PATCH", f"/devices/{electricity}", {"password": "000000"}, expect=200)
        for kind, valve_state in (("open_relay", 1), ("close_relay", 0)):
            asked = self.installation.call("POST", f"/devices/{electricity}/commands", {"kind": kind, "reason": "test"},
                                           expect=201)
            command = self.installation.until(f"/commands/{asked['command_id']}", lambda state: state["finished_s"] is not None)
            self.assertEqual(command["state"], "verified", command)
            device = self.installation.call("GET", f"/devices/{electricity}", expect=200)
            self.assertEqual(device["valve_state"], valve_state)


class LoadHouse(ConcentratorHouse):
    """The same with a concentrator that is made of formulas, whose archive is full already. It has no relays."""
    options = []
    test_a_relay_is_turned = None


if __name__ == "__main__":
    unittest.main()
