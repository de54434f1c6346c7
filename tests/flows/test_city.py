"""meterworks bench city: a small city runs through, its proof can fail, and nothing is left behind."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from database import database_open
from installation import PROGRAM
from waiting import PATIENCE_S

MEASURES = [
    "archive written in bulk", "start to service", "LwM2M registrations", "daily reports of 8 values", "kill -9 amid the reports",
    "a storm: one meter of 100 alarms", "stored, and there for whoever asks", "alarms acknowledged before the kill",
    "acknowledged before the kill", "acknowledged in the whole day", "memory after the day", "prepaid accounts charged",
    "restart to service", "disk:", "query: a meter by its number", "yesterday's 96 quarter-hours", "of them believed / sums that agree",
    "reports over DTLS PSK", "DTLS PSK handshakes",
    "plain reports where each sync of the disk takes 1 ms more", "books proven",
]


class CityTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="meterworks-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def bench(self, *arguments, **more):
        return subprocess.run([PROGRAM, "bench", *arguments], capture_output=True, text=True, check=False,
                              env={**os.environ, "TMPDIR": self.folder}, **more)

    def test_a_city_is_measured_and_proven(self):
        kept = os.path.join(self.folder, "kept")
        told = self.bench("city", "--meters", "200", "--seconds", "1", "--sync-delay", "1", "--keep", kept)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        for measure in MEASURES:
            self.assertRegex(told.stdout, r"\| +%s" % re.escape(measure))
        whole = re.search(r"acknowledged in the whole day +\| none missing +\| (\d+) midnights: 0 missing, 0 different",
                          told.stdout)
        self.assertEqual(int(whole[1]), 202)  # one of a hundred had not brought yesterday's

        again = self.bench("city", "--check", kept)
        self.assertEqual((again.returncode, again.stdout), (0, "202 acknowledged midnights: 0 missing, 0 different\n"))
        for first in (201, 401):  # a laboratory more each time, behind all that is there
            told = self.bench("city", "--again", kept, "--laboratory", "200", "--seconds", "1", "--sync-delay", "0")
            self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
            for measure in ["start to service", "reports of 1 endpoint", "DTLS PSK handshakes", "kill -9 amid the reports",
                            "yesterday's 96 quarter-hours", "of them believed / sums that agree"]:
                self.assertRegex(told.stdout, r"\| +%s" % re.escape(measure))
            with database_open(kept) as database:
                added = database.row("SELECT count(*), min(device_id) FROM device WHERE area_id = (SELECT area_id FROM area"
                                     " WHERE name = ?)", (f"Laboratory from {first}",))
            self.assertEqual(tuple(added), (200, 200 + first))
        again = self.bench("city", "--check", kept)
        self.assertEqual((again.returncode, again.stdout), (0, "202 acknowledged midnights: 0 missing, 0 different\n"))
        with database_open(kept) as database:
            database.execute("DELETE FROM daily_reading WHERE device_id = 123 AND day = (SELECT max(day) FROM daily_reading"
                          " WHERE device_id = 123)")
            database.execute("UPDATE daily_reading SET register_value = register_value + 1 WHERE device_id = 77"
                          " AND day = (SELECT max(day) FROM daily_reading WHERE device_id = 77)")
        broken = self.bench("city", "--check", kept)
        self.assertEqual(broken.returncode, 1)
        self.assertRegex(broken.stdout, r"different: meter 77, midnight of [-0-9]+, acknowledged with \d+ l")
        self.assertRegex(broken.stdout, r"missing: meter 123, midnight of [-0-9]+, acknowledged with \d+ l")
        self.assertIn("202 acknowledged midnights: 1 missing, 1 different\n", broken.stdout)

        refused = self.bench("city", "--keep", kept)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is not empty; nothing was changed", refused.stderr)

    def test_ctrl_c_leaves_nothing(self):
        running = subprocess.Popen([PROGRAM, "bench", "city", "--meters", "2000"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": self.folder})
        for line in running.stdout:
            if "the server starts" in line:
                break
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=PATIENCE_S)
        self.assertEqual(running.returncode, 1)
        self.assertEqual(os.listdir(self.folder), [])

    def test_wrong_arguments_are_explained(self):
        helped = self.bench("city", "--help")
        self.assertEqual(helped.returncode, 0)
        self.assertIn("--meters N", helped.stdout)
        for arguments, words in ((["city", "--meters", "5"], "--meters takes a number from 100"),
                                 (["city", "--metres", "500"], "there is no option '--metres'"),
                                 (["city", "somewhere"], "usage: meterworks bench city"), (["town"], "usage: meterworks bench")):
            told = self.bench(*arguments)
            self.assertEqual(told.returncode, 2, arguments)
            self.assertIn(words, told.stderr)
        nowhere = self.bench("city", "--check", self.folder)
        self.assertEqual(nowhere.returncode, 1)
        self.assertIn("acknowledged", nowhere.stderr)
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main()
