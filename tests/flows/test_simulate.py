"""A simulated town entered into a data folder, its database a file or on a server; then its meters report to the platform."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from database import database_open
from installation import PROGRAM, store_options
from waiting import until

METERS = 3


class SimulateTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="meterworks-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.data = os.path.join(self.folder, "data")

    def simulate(self, *options):
        return [PROGRAM, "simulate", "--meters", str(METERS), *options]

    def number(self, text):
        with database_open(self.data) as database:
            return database.number(text)

    def begin(self, *command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGKILL)
        return process

    def test_a_town_is_entered_and_reports(self):
        subprocess.run(self.simulate("--prepare", "--data", self.data, *store_options()), check=True)
        self.assertEqual(self.number("SELECT count(*) FROM device"), METERS)
        again = subprocess.run(self.simulate("--prepare", "--data", self.data), check=False, capture_output=True, text=True)
        self.assertEqual(again.returncode, 1, again.stderr)
        served = self.begin(PROGRAM, "serve", "--data", self.data, "--http", "127.0.0.1:0", "--coap", "127.0.0.1:0", "--coaps", "127.0.0.1:0")
        ports = dict(re.match(r"(\w+)\s+(\d+)", served.stdout.readline()).groups() for _ in range(2))
        self.begin(*self.simulate("--coap-port", ports["coap"], "--coaps-port", "0", "--spread", "1"))
        until(lambda: self.number("SELECT count(*) FROM device_state WHERE last_received_s > 0"))


if __name__ == "__main__":
    unittest.main()
