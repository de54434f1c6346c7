"""Small promises to operators of lines: private files, authority over areas, days that are due, corrections on paper."""

import os
import stat
import time
import unittest

from installation import PASSWORD, Installation

DAY_S = 86400


class EstateEdgesTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.area = self.house.add_building()
        self.line_id = self.house.call("POST", "/concentrators", {"area_id": self.area, "address": "440112345"},
                                       expect=201)["device_id"]

    def add_meter(self, number, **more):
        return self.house.call("POST", "/devices", {"area_id": self.area, "meter_number": number, "kind": "electricity",
                                                    "parent_device_id": self.line_id, **more}, expect=201)["device_id"]

    def modes(self):
        return {name: stat.S_IMODE(os.stat(os.path.join(self.house.data, name)).st_mode)
                for name in os.listdir(self.house.data) if name.startswith("meterworks.db")}

    @unittest.skipIf("METERWORKS_TEST_STORE" in os.environ, "the database is not a file")
    def test_the_database_is_private(self):
        modes = self.modes()
        self.assertIn("meterworks.db", modes)
        self.assertIn("meterworks.db-wal", modes)
        self.assertEqual(set(modes.values()), {0o600})
        self.house.kill()
        for name in self.modes():
            os.chmod(os.path.join(self.house.data, name), 0o644)
        self.house.start()
        self.assertEqual(set(self.modes().values()), {0o600})

    def test_a_meter_that_was_installed_today_was_not_due_yesterday(self):
        self.add_meter("202600000001")
        line = self.house.call("GET", f"/concentrators/{self.line_id}", expect=200)
        self.assertEqual((line["meters"], line["yesterday"]), (1, {"received": 0, "due": 0}))
        self.add_meter("202600000002", installed_s=int(time.time()) - 2 * DAY_S)
        line = self.house.call("GET", "/concentrators", expect=200)["items"][0]
        self.assertEqual((line["meters"], line["yesterday"]), (2, {"received": 0, "due": 1}))

    def test_the_day_of_installation_is_corrected_and_noted(self):
        begin_s = int(time.time()) - 10 * DAY_S
        meter_id = self.add_meter("202600000003", installed_s=begin_s)
        answer = self.house.call("PATCH", f"/devices/{meter_id}", {"installed_s": begin_s + 7 * DAY_S}, expect=200)
        self.assertEqual(answer["installed_s"], begin_s + 7 * DAY_S)
        self.assertEqual(answer["completeness"]["due"], 3)
        rows = self.house.call("GET", "/audit", expect=200)["items"]
        note = [row for row in rows if row["action"] == "device.change"][0]
        self.assertIn(f"installed_s {begin_s} -> {begin_s + 7 * DAY_S}", str(note))
        self.house.call("PATCH", f"/devices/{meter_id}", {"room": "9"}, expect=200)
        self.assertEqual(self.house.call("GET", f"/devices/{meter_id}", expect=200)["installed_s"], begin_s + 7 * DAY_S)

    def test_an_archive_of_a_foreign_area_is_not_downloaded(self):
        other = self.house.add_building("8栋")
        self.house.call("POST", "/people", {"login": "fitter", "display_name": "安装工", "role": "operator",
                                            "area_id": other, "password": PASSWORD}, expect=201)
        self.house.sign_in("fitter")
        for body in ({"area_id": self.area}, {"area_id": self.area, "compare_only": True}, {"area_id": 9999}):
            refused = self.house.call("POST", "/archive/download", body)["error"]
            self.assertEqual((self.house.status, refused["code"]), (404, "area_unknown"), body)
        self.assertEqual(self.house.call("POST", "/archive/download", {"area_id": other}, expect=202)["concentrators"], 0)
        self.house.sign_in()
        answer = self.house.call("POST", "/archive/download", {"area_id": self.area}, expect=202)
        self.assertEqual(answer["concentrators"], 1)


if __name__ == "__main__":
    unittest.main()
