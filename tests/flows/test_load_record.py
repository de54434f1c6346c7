"""Quarter-hours of electricity meters on a line, read from the load record of simulated ones that have lived for some days."""

import signal
import subprocess
import time
import unittest

from installation import PROGRAM, Installation
from test_intervals import DAY_S, day_text, last_midnight
from waiting import midnight_await, until

FAST = ("--baud", "38400", "--delay", "4")
QUARTERS, QUARTER_S = 96, 900


class LoadRecordTest(unittest.TestCase):
    def setUp(self):
        midnight_await()
        self.yesterday = last_midnight() - DAY_S
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.building = self.house.add_building()

    def line(self, lived_days):
        """A line of its own with a meter that was hung so many days ago."""
        process = subprocess.Popen([PROGRAM, "meters", "--listen", "127.0.0.1:0", "--protocol", "dlt645", "--count", "1",
                                    "--days", str(lived_days), *FAST], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        port = int(process.stdout.readline().split()[1])
        number = process.stdout.readline().split()[1]
        line_id = self.house.call("POST", "/concentrators", {
            "area_id": self.building, "address": f"127.0.0.1:{port}", "kind": "tcp", "baud": 38400}, expect=201)["device_id"]
        self.house.until(f"/concentrators/{line_id}", lambda row: row["connected"])
        return self.house.call("POST", "/devices", {
            "area_id": self.building, "kind": "electricity", "profile": "dlt645-2007-single-phase-prepaid",
            "meter_number": number, "parent_device_id": line_id, "password": "000000",
            "installed_s": self.yesterday - 10 * DAY_S}, expect=201)["device_id"]

    def ask(self, device_id, what="interval", day_s=0):
        task = self.house.call("POST", f"/devices/{device_id}/read",
                               {"what": what, "date": day_text(self.yesterday + day_s)}, expect=201)
        return self.house.until(f"/reading-tasks/{task['task_id']}", lambda row: row["state"] != "open")

    def shown(self, device_id):
        day = day_text(self.yesterday)
        return self.house.call("GET", f"/devices/{device_id}/intervals?from={day}&to={day}", expect=200)["items"][0]

    def shown_with_midnights(self, device_id):
        """Of itself the platform asks for them from one o'clock on."""
        for day_s in (0, DAY_S):
            self.ask(device_id, "daily", day_s)
        return self.shown(device_id)

    def test_a_whole_day_is_read_and_agrees_with_its_midnights(self):
        device_id = self.line(3)
        until(lambda: self.ask(device_id), lambda task: task["done"] == 1)
        day = until(lambda: self.shown_with_midnights(device_id), lambda day: day["missing"] == 0 and day["sum"] == "agrees")
        self.assertEqual((day["period_min"], day["refused"], len(day["items"])), (15, 0, QUARTERS))
        values = [item["register_value"] for item in day["items"]]
        self.assertEqual(values, sorted(values))
        self.assertGreater(values[-1], values[0])
        # The register at 24:00 is what the meter froze at that midnight by its own.
        midnights = self.house.call("GET", f"/devices/{device_id}/readings", expect=200)["items"]
        frozen = {row["day"]: row["register_value"] for row in midnights}
        self.assertEqual(values[-1], frozen[day_text(self.yesterday + DAY_S)])

    def lateness_s(self):
        """How late on the day before it was, a day ago."""
        return time.time() - DAY_S - self.yesterday

    def test_what_the_meter_did_not_live_is_a_gap(self):
        earliest_s = self.lateness_s()
        device_id = self.line(1)
        latest_s = self.lateness_s()
        self.ask(device_id)
        # Hung in the day's last quarter-hour, it has one value: that tells nothing about the next, and counts as an hour's.
        one_value = latest_s > DAY_S - QUARTER_S
        day = until(lambda: self.shown(device_id), lambda day: day["known"] and (one_value or day["period_min"] == 15))
        values = [item["register_value"] for item in day["items"]]
        first = next(at for at, value in enumerate(values) if value is not None)
        self.assertEqual(day["missing"], first if day["period_min"] == 15 else 23)
        self.assertNotIn(None, values[first:])
        self.assertGreaterEqual((first + 1) * QUARTER_S, earliest_s)
        self.assertLessEqual(first * QUARTER_S, latest_s)


if __name__ == "__main__":
    unittest.main()
