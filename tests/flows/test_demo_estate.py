"""The demo's estate behind concentrators, as it stands when people first look at it."""

import os
import re
import subprocess
import tempfile
import unittest

from installation import PROGRAM, Installation
from waiting import PATIENCE_S


class Demo(Installation):
    """The demo is its own house: only the way in is needed here."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="meterworks-test-")
        self.process = subprocess.Popen(
            [PROGRAM, "demo", "--port", "0", "--data", os.path.join(self.folder.name, "data"), "--meters", "1",
             "--days", "2", "--households", "100", "--speed", "0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        words = ""
        while "Ctrl-C" not in words:
            words += self.process.stdout.readline()
        self.http_port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", words)[1])
        self.sign_in("admin", re.search(r"password (\S+)", words)[1])

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_S)
        self.process.stdout.close()
        self.folder.cleanup()


class DemoEstateTest(unittest.TestCase):
    def test_nobody_owes_midnights_from_before_he_was_made(self):
        demo = Demo()
        self.addCleanup(demo.close)
        lines = {line["name"]: line for line in demo.call("GET", "/concentrators", expect=200)["items"]}
        self.assertEqual((lines["C-10900"]["meters"], lines["C-10900"]["yesterday"]["due"]), (8, 0))
        self.assertEqual(lines["C-10001"]["yesterday"]["due"], lines["C-10001"]["meters"])


if __name__ == "__main__":
    unittest.main()
