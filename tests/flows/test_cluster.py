"""The program on a Citus cluster of its own whose workers come and go while meters report: a worker is ended without a word, comes
back, and one more takes its share. What was acknowledged is there; what cannot be answered is said."""

import glob
import os
import socket
import subprocess
import threading
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import PROGRAM, Installation
from test_report import last_midnight
from waiting import until

METERS = 8
PATIENCE_S = 5  # of a meter, before it sends again
STEPS = 3       # reports of each meter before something happens to the cluster, and after it
EXTENSION = "/usr/share/postgresql/*/extension/citus.control"


class Cluster:
    """A coordinator and two workers for as long as this lives (tests/store/citus_run)."""

    NAMES = ("METERWORKS_TEST_STORE", "METERWORKS_TEST_SHARDS", "METERWORKS_TEST_CLUSTER")

    def __init__(self):
        self.before = {name: os.environ.pop(name, None) for name in self.NAMES}
        script = os.path.join(os.path.dirname(__file__), "../store/citus_run")
        self.process = subprocess.Popen([script, "sh", "-c", "".join("echo $%s; " % name for name in self.NAMES) + "cat"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in self.NAMES:
            os.environ[name] = self.process.stdout.readline().strip()

    def control(self, *words):
        subprocess.run([os.environ["METERWORKS_TEST_CLUSTER"], *words], check=True)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        for name, value in self.before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


class Reporter(threading.Thread):
    """A meter that reports ever larger volumes, whether or not it is answered."""

    def __init__(self, port, imei):
        super().__init__(daemon=True)
        self.device = Device(port, imei)
        self.volume_l, self.acknowledged_l = 5000, None
        self.answered = self.unanswered = 0
        self.ended = threading.Event()

    def run(self):
        self.device.register()
        while not self.ended.is_set():
            self.volume_l += 1
            payload = Report(int(time.time()), self.volume_l, last_midnight(), [5000] + [None] * 6).senml_cbor()
            try:
                if self.device.send(payload, timeout_s=PATIENCE_S).code == CHANGED:
                    self.acknowledged_l = self.volume_l
                    self.answered += 1
                else:
                    self.unanswered += 1
            except socket.timeout:
                self.unanswered += 1
        self.device.close()


@unittest.skipUnless(glob.glob(EXTENSION), "PostgreSQL has no extension citus")
class ClusterTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.close)

    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        building = self.house.add_building()
        imeis = [860100000000000 + i for i in range(METERS)]
        self.ids = [self.house.add_device(building, imei, "%012d" % (100 + i), installed_s=int(time.time()) - 30 * 86400)
                    for i, imei in enumerate(imeis)]
        self.reporters = [Reporter(self.house.coap_port, imei) for imei in imeis]
        for reporter in self.reporters:
            reporter.start()
        self.addCleanup(self.reporters_end)

    def reporters_end(self):
        for reporter in self.reporters:
            reporter.ended.set()
        for reporter in self.reporters:
            reporter.join()

    def number(self, text, values=()):
        with self.house.database() as database:
            return database.number(text, values)

    def each(self, word, reporters):
        """Wait until each of them was answered, or not answered, some more times."""
        wanted = [getattr(reporter, word) + STEPS for reporter in reporters]
        until(lambda: all(getattr(reporter, word) >= count for reporter, count in zip(reporters, wanted)))

    def worker_of(self, device_id):
        """Which worker has the rows of a meter: its number."""
        with self.house.database() as database:
            name, = database.row("SELECT nodename FROM citus_shards WHERE shardid ="
                                 " get_shard_id_for_distribution_column('daily_reading', ?)", (device_id,))
        return int(os.path.basename(name))

    def moves_left(self):
        return self.number("SELECT count(*) FROM pg_dist_background_task WHERE status NOT IN ('done', 'error', 'cancelled', 'unscheduled')")

    def assert_nothing_lost(self):
        self.reporters_end()
        for device_id, reporter in zip(self.ids, self.reporters):
            state = self.house.call("GET", "/devices/%d" % device_id, expect=200)
            self.assertGreaterEqual(state["register_value"], reporter.acknowledged_l * 1000)
            days = self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"]
            self.assertEqual([day["register_value"] for day in days], [5000000])
            self.assertGreaterEqual(self.number("SELECT count(*) FROM frame WHERE device_id = ?", (device_id,)), reporter.answered)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], check=False, capture_output=True, text=True)
        self.assertEqual((told.returncode, told.stdout.splitlines()[-1:]), (0, ["verified"]), told.stdout + told.stderr)

    def test_a_worker_is_lost_and_comes_back(self):
        self.each("answered", self.reporters)
        lost = [self.worker_of(device_id) == 1 for device_id in self.ids]
        self.assertEqual(len(set(lost)), 2, "both workers have meters")
        self.cluster.control("kill", "1")
        self.each("unanswered", [reporter for reporter, is_lost in zip(self.reporters, lost) if is_lost])
        for device_id, is_lost in zip(self.ids, lost):
            answer = self.house.call("GET", "/devices/%d/readings" % device_id)
            self.assertEqual(self.house.status, 503 if is_lost else 200, answer)
        self.house.call("GET", "/areas", expect=200)
        self.assertIn("PostgreSQL misses a server", self.house.said())
        self.cluster.control("start", "1")
        self.each("answered", self.reporters)
        self.assert_nothing_lost()

    def test_one_more_worker_takes_its_share(self):
        self.each("answered", self.reporters)
        self.cluster.control("add")
        self.number("SELECT citus_rebalance_start()")
        left = METERS * METERS
        while left > 0:  # one piece after the other, however long all of them take
            left = until(self.moves_left, lambda number, before=left: number < before)
        self.assertEqual(self.number("SELECT count(*) FROM pg_dist_background_job WHERE state <> 'finished'"), 0)
        self.assertEqual({1, 2, 3}, {self.worker_of(device_id) for device_id in range(1, 100)})
        self.each("answered", self.reporters)
        self.assert_nothing_lost()


if __name__ == "__main__":
    unittest.main()
