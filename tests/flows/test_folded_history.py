"""Quarter-hours and midnights of long ago are folded while the program runs, and are shown as before; a repeat, a contradiction
and damage meet them, and a kill at any moment loses nothing."""

import subprocess
import time
import unittest

from coap_device import CHANGED, Device, Report, cbor
from installation import PROGRAM, Installation
from test_intervals import DAY_S, day_text, last_midnight, packed
from waiting import until


class FoldedHistoryTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.begin = last_midnight() - 40 * DAY_S
        imei = 860000000710001
        self.device_id = self.house.add_device(self.house.add_building(), imei, "000000710001", size_dn_mm=15,
                                               installed_s=self.begin - DAY_S)
        self.imei = imei

    def send(self, litres):
        device = Device(self.house.coap_port, self.imei)
        self.addCleanup(device.close)
        device.register()
        report = Report(time_s=int(time.time()), volume_l=9000, midnight_s=last_midnight(), history_l=[8990])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        self.assertEqual(device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, litres)}])).code, CHANGED)

    def day(self):
        path = "/devices/%d/intervals?from=%s&to=%s" % (self.device_id, day_text(self.begin), day_text(self.begin))
        return self.house.call("GET", path, expect=200)["items"][0]

    def fold(self):
        """The week until the next round is over: the program begins one when it starts again."""
        self.house.stop()
        with self.house.database() as database:
            database.execute("UPDATE interval_progress SET begun_day = 0, running = 0")
        self.house.start()
        self.house.sign_in()
        with self.house.database() as database:
            until(lambda: database.number("SELECT count(*) FROM interval_day"), lambda rows: rows == 0)
            self.assertEqual(database.number("SELECT count(*) FROM interval_block"), 1)

    def test_a_day_is_shown_as_before_it_was_folded(self):
        litres = [7000 + 5 * (quarter + 1) for quarter in range(96)]
        self.send(litres)
        before = self.day()
        self.assertEqual((before["known"], before["missing"], len(before["items"])), (True, 0, 96))
        self.assertEqual(before["items"][95]["register_value"], 7480000)
        self.fold()
        self.assertEqual(self.day(), before)
        self.send(litres[:50] + [litres[50] + 1] + litres[51:])
        after = self.day()
        self.assertEqual([item["register_value"] for item in after["items"]], [litre * 1000 for litre in litres])
        self.assertEqual(after["items"][50]["quality"], "conflict")
        self.fold()
        self.assertEqual(self.day(), after)


class FoldedMidnightsTest(unittest.TestCase):
    """Three meters with two years of midnights each, written as the program would have."""

    DAYS = 730

    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.today = (last_midnight() + 8 * 3600) // DAY_S
        building = self.house.add_building()
        self.devices = [self.house.add_device(building, 860000000720001 + i, "00000072000%d" % (i + 1), size_dn_mm=15,
                                              installed_s=last_midnight() - (self.DAYS + 1) * DAY_S) for i in range(3)]
        self.house.stop()
        with self.house.database() as database:
            database.executemany("INSERT INTO daily_reading VALUES (?, ?, ?, ?, ?, ?, 1000)", [
                (day, device, *self.midnight(device, day)) for device in self.devices
                for day in range(self.today - self.DAYS, self.today - 3)])
            database.executemany("INSERT INTO device_state (device_id, newest_day, newest_register_value, newest_total_value,"
                                 " complete_days, on_time_days, register_s, register_value, total_value) VALUES (?, ?, ?, ?, -1, -1, 1, ?, ?)"
                                 # One that has been called silent meanwhile has a row.
                                 " ON CONFLICT (device_id) DO UPDATE SET newest_day = excluded.newest_day, newest_register_value ="
                                 " excluded.newest_register_value, newest_total_value = excluded.newest_total_value, complete_days = -1,"
                                 " on_time_days = -1, register_s = 1, register_value = excluded.register_value,"
                                 " total_value = excluded.total_value",
                                 [(device, self.today - 4, *self.midnight(device, self.today - 4)[:2] * 2) for device in self.devices])

    def midnight(self, device, day):
        total = (day - self.today + self.DAYS) * 1000 * device + day % 7
        return total, total, int(day % 50 == 0), day * DAY_S - 8 * 3600 + 10800 + day % 11

    def number(self, query):
        with self.house.database() as database:
            return database.number(query)

    def start(self, begun_day, damage=()):
        """The next round comes at once when it began on day 0, not at all when it began today."""
        if self.house.process:
            self.house.stop()
        with self.house.database() as database:
            database.execute("UPDATE midnight_progress SET begun_day = ?, running = 0", (begun_day,))
            for text, values in damage:
                database.execute(text, values)
        self.house.start()
        self.house.sign_in()

    def fold(self, *damage):
        self.start(0, damage)
        until(lambda: self.number("SELECT begun_day > 0 AND running = 0 FROM midnight_progress"))

    def rows_check(self):
        """What is young is rows, and nothing else."""
        before_day = self.number("SELECT before_day FROM midnight_progress")
        self.assertIn(self.today - before_day, (124, 125))
        self.assertEqual(self.number("SELECT count(*) FROM daily_reading"), 3 * (self.today - 3 - before_day))

    def everything(self, device):
        """What pages, reports and exports say of a meter's years."""
        days = [day_text((self.today - self.DAYS + at) * DAY_S) for at in range(0, self.DAYS, 300)] + [day_text(self.today * DAY_S)]
        spans = ["from=%s&to=%s" % span for span in zip(days, days[1:])]
        paths = ["/devices/%d%s?%s" % (device, kind, span) for span in spans for kind in ("/readings", "/usage", "/intervals")]
        paths += ["/reports/usage?device_ids=%d&%s&granularity=%s" % (device, span, step) for span in spans for step in ("day", "month")]
        return [self.house.call("GET", path, expect=200) for path in paths]

    def test_years_are_shown_as_before_they_were_folded(self):
        self.start(self.today)
        before = [self.everything(device) for device in self.devices]
        self.assertEqual(len({item["day"] for page in before[1][:9:3] for item in page["items"]}), self.DAYS - 3)
        self.fold()
        self.rows_check()
        self.assertGreaterEqual(self.number("SELECT count(*) FROM midnight_block"), 3 * 3)
        self.assertEqual([self.everything(device) for device in self.devices], before)

    def test_what_a_shorter_retention_would_remove_is_said_first(self):
        self.fold()
        def loss(setting, days):
            return self.house.call("GET", "/retention-loss?setting=%s&keep_days=%d" % (setting, days), expect=200)
        self.assertEqual(loss("daily_keep_days", 36500)["records"], 0)
        self.assertEqual((loss("register_keep_days", 60)["records"], loss("interval_keep_days", 60)["records"]), (None, 0))
        gone = loss("daily_keep_days", 200)
        blocks = self.number("SELECT count(*) FROM midnight_block WHERE (stretch + 1) * 256 <= %d" % (self.today - 200))
        self.assertGreaterEqual(blocks, 3)
        self.assertIn(gone["records"], (blocks, blocks + 3))
        self.assertGreater(gone["bytes"], 256 * gone["records"] / 4)
        self.assertFalse(gone["is_more"])
        self.house.call("GET", "/retention-loss?setting=daily_fold_days&keep_days=200", expect=422)
        folding = {row["kind"]: row for row in self.house.call("GET", "/folding", expect=200)["items"]}
        self.assertEqual((folding["midnights"]["running"], folding["midnights"]["done_percent"]), (False, 100))

    def test_a_kill_at_any_moment_loses_nothing(self):
        self.start(self.today)
        before = self.everything(self.devices[2])
        self.start(0)
        for _ in range(5):
            self.house.kill()
            self.house.start()
        self.house.sign_in()
        until(lambda: self.number("SELECT begun_day > 0 AND running = 0 FROM midnight_progress"))
        self.rows_check()
        self.assertEqual(self.everything(self.devices[2]), before)

    def test_damage_is_one_meters_trouble(self):
        self.fold()
        self.fold(("UPDATE midnight_block SET registers = ? WHERE device_id = ?", (b"\x00\x11", self.devices[1])),
                  ("INSERT INTO daily_reading SELECT stretch * 256, device_id, 1, 1, 0, 0, 1000 FROM midnight_block", ()))
        self.assertEqual(self.number("SELECT count(DISTINCT device_id) FROM daily_reading WHERE day <"
                                     " (SELECT before_day FROM midnight_progress)"), 1)
        events = self.house.call("GET", "/events?kind=history_damaged", expect=200)["items"]
        self.assertEqual({event["device_id"] for event in events}, {self.devices[1]})
        self.assertRegex(events[0]["detail"], r"^midnights \d{4}-\d\d-\d\d$")
        self.assertEqual(len(self.everything(self.devices[0])[0]["items"]), 301)
        verified = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(verified.returncode, 1)
        self.assertRegex(verified.stdout, "folded midnights that cannot be read: 000000720002 from ")
        self.assertNotRegex(verified.stdout, "000000720001")


if __name__ == "__main__":
    unittest.main()
