"""The disk fills up: nothing is acknowledged that is not stored, people are told, and room again is enough to go on."""

import glob
import os
import resource
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import Installation
from machines import DatabaseServer
from test_report import DAY_S, last_midnight
from waiting import until

ROOM = "64m"  # of the server's disk: the tables of an installation, and some


class MeterTest(unittest.TestCase):
    """One meter that reports; what both tests share."""

    def meter_start(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        building = self.house.add_building()
        self.device_id = self.house.add_device(building, 860300000000001, "000000000301",
                                               installed_s=int(time.time()) - 30 * DAY_S)
        self.device = Device(self.house.coap_port, 860300000000001)
        self.addCleanup(self.device.close)
        self.device.register()
        self.litres = 7000

    def report(self, timeout_s):
        self.litres += 1
        payload = Report(int(time.time()), self.litres, last_midnight(), [7000] + [None] * 6).senml_cbor()
        return self.device.send(payload, timeout_s=timeout_s)

    def stored(self):
        return self.house.call("GET", "/devices/%d" % self.device_id, expect=200)["register_value"]


class FullDiskTest(MeterTest):
    @unittest.skipIf("METERWORKS_TEST_STORE" in os.environ, "the database is not a file")
    def setUp(self):
        self.meter_start()

    def file_limit(self, size):
        resource.prlimit(self.house.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def test_it_goes_on_when_there_is_room_again(self):
        self.assertEqual(self.report(10).code, CHANGED)
        stored = self.stored()
        self.file_limit(4096)
        with self.assertRaises(socket.timeout):
            self.report(1.5)
        self.assertEqual(self.stored(), stored)
        answer = self.house.call("POST", "/devices/%d/commands" % self.device_id, {"kind": "close_valve", "reason": "x"})
        self.assertIn(self.house.status, (503, 507))
        self.assertIn("code", answer["error"])
        self.file_limit(resource.RLIM_INFINITY)
        self.assertEqual(self.report(10).code, CHANGED)
        self.assertEqual(self.stored(), self.litres * 1000)


@unittest.skipUnless(shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"), "PostgreSQL is not installed")
class FullServerTest(MeterTest):
    """The tables lie on a small disk of the server's."""

    def setUp(self):
        server = DatabaseServer(own=True)
        self.addCleanup(server.close)
        self.disk_make(os.stat(os.path.dirname(server.socket)).st_uid)
        for text in ("CREATE TABLESPACE small LOCATION '%s'" % self.tables, "ALTER DATABASE meterworks SET default_tablespace = small"):
            subprocess.run(["psql", "-q", "-c", text, server.address], check=True)
        self.meter_start()

    def disk_make(self, owner):
        disk = tempfile.mkdtemp(prefix="meterworks-disk-")
        self.addCleanup(os.rmdir, disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + ROOM, "tmpfs", disk], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("this machine mounts nothing for us")
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=True)
        self.tables, self.filler = os.path.join(disk, "tables"), os.path.join(disk, "filler")
        os.mkdir(self.tables, 0o700)
        os.chown(self.tables, owner, -1)
        os.chmod(disk, 0o755)

    def fill(self):
        with open(self.filler, "wb", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(bytes(4096))

    def test_it_goes_on_when_there_is_room_again(self):
        self.assertEqual(self.report(10).code, CHANGED)
        self.fill()
        acknowledged = self.litres
        while "the database is full" not in self.house.said():  # pages that are there take some more
            try:
                self.report(2)
                acknowledged = self.litres
            except socket.timeout:
                self.assertLess(self.litres, acknowledged + 100, self.house.said())
        self.assertGreaterEqual(self.stored(), acknowledged * 1000)
        os.remove(self.filler)
        self.assertEqual(until(self.report_once).code, CHANGED)
        self.assertEqual(self.stored(), self.litres * 1000)

    def report_once(self):
        try:
            return self.report(10)
        except socket.timeout:
            return None


del MeterTest  # it has no tests itself


if __name__ == "__main__":
    unittest.main()
