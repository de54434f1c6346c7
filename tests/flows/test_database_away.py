"""What lies between the program and its database server fails, or the server does, while meters report and money is paid: nothing that
was acknowledged is lost, nothing is there twice, and the service comes back by itself, without a restart."""

import copy
import glob
import os
import random
import shutil
import subprocess
import threading
import time
import unittest

import test_several_machines
from database import ServerDatabase
from installation import PROGRAM, Installation
from machines import Cable, DatabaseServer, namespace_or_none
from waiting import until

METERS = 6
PAID_FEN = 100
SILENCES, BREAKS = 2, 12
ANSWER_S = 10   # after so long somebody who pays asks again
BEFORE_S = 0.5  # at most so long after the service is back, it is taken away again; nothing waits for it


class Payer(threading.Thread):
    """Pays one amount after the other; says each again until it is answered that it is booked."""

    def __init__(self, house, account):
        super().__init__(daemon=True)
        self.house, self.account = copy.copy(house), account
        self.booked = 0
        self.booked_at = 0.0
        self.refusals = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            try:
                answer = self.house.call("POST", "/payments", {"account_id": self.account, "amount_fen": PAID_FEN, "method": "cash",
                                                               "key": "payment-%d" % (self.booked + 1)}, patience_s=ANSWER_S)
            except OSError:
                continue  # no answer in time: the same again
            if self.house.status in (200, 201):
                self.booked += 1
                self.booked_at = time.monotonic()
            else:
                self.refusals.append((self.house.status, answer))


@unittest.skipUnless(shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"), "PostgreSQL is not installed")
class AwayTest(unittest.TestCase):
    """An installation with meters and somebody who pays; what its tests share."""

    # What meters and readings are is the same as with gates.
    add_device = test_several_machines.SeveralMachinesTest.add_device
    add_meters = test_several_machines.SeveralMachinesTest.add_meters
    start_meters = test_several_machines.SeveralMachinesTest.start_meters
    stop_meters = test_several_machines.SeveralMachinesTest.stop_meters
    await_all_served = test_several_machines.SeveralMachinesTest.await_all_served
    tell = test_several_machines.SeveralMachinesTest.tell
    assert_nothing_lost = test_several_machines.SeveralMachinesTest.assert_nothing_lost
    assert_acknowledged_is_stored = test_several_machines.SeveralMachinesTest.assert_acknowledged_is_stored

    @classmethod
    def setUpClass(cls):
        cls.server = DatabaseServer(own=True)
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.place = os.path.join(self.house.data, "store")
        with open(self.place, encoding="utf-8") as file:
            self.direct = file.read().strip()
        with open(self.place, "w", encoding="utf-8") as file:
            file.write(self.way() + "&options=" + self.direct.split("&options=")[1] + "\n")
        self.house.start()
        self.house.sign_in()
        self.building = self.house.add_building()
        self.add_meters(METERS)
        self.account = self.add_account()
        self.payer = Payer(self.house, self.account)
        self.addCleanup(self.payer.join)
        self.addCleanup(self.payer.ended.set)
        self.start_meters([(self.house,)] * METERS)
        self.payer.start()
        self.await_service(0.0)

    def add_account(self):
        tariff = self.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = self.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        return self.house.call("POST", "/accounts", {"customer_id": customer, "device_id": self.ids[0], "tariff_id": tariff,
                                                     "payment_mode": "prepaid_platform"}, expect=201)["account_id"]

    def await_service(self, since, what=None):
        self.await_all_served(since)
        until(lambda: self.payer.booked_at, lambda at: at > since)
        if what is not None:
            self.tell(what, since)

    def start_again_if_ended(self, since):
        """The program goes on by itself, or ends because nobody can say what became of the last commit; then it is started again."""
        until(lambda: self.house.process.poll() is not None or self.payer.booked_at > since)
        if self.house.process.poll() is not None:
            self.assertEqual(self.house.stop(), 1)
            self.house.start("--coap", "127.0.0.1:%d" % self.house.coap_port, "--http", "127.0.0.1:%d" % self.house.http_port)

    def assert_there(self, address):
        """What was acknowledged is in the database, whoever of us reaches it."""
        volumes = {device_id: meter.acknowledged_l * 1000 for device_id, meter in zip(self.ids, self.meters)}
        booked = self.payer.booked
        with ServerDatabase(address) as database:
            stored = dict(database.rows("SELECT device_id, register_value FROM device_state"))
            self.assertGreaterEqual(database.number("SELECT count(*) FROM payment"), booked)
        for device_id, volume in volumes.items():
            self.assertGreaterEqual(stored.get(device_id, 0), volume)

    def assert_right(self, address):
        """Nothing is lost, nothing is there twice, and the books prove it."""
        self.payer.ended.set()
        self.payer.join()
        self.assert_nothing_lost()
        self.assert_there(address)
        with ServerDatabase(address) as database:
            payments = database.number("SELECT count(*) FROM payment")
        self.assertIn(payments - self.payer.booked, (0, 1))  # the last one may have lost its answer only
        balance = self.house.call("GET", "/accounts/%d" % self.account, expect=200)["balance_fen"]
        self.assertEqual(balance, payments * PAID_FEN)
        self.house.stop()
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)


class LineTest(AwayTest):
    """The line is a cable, or a network of its own where the machine gives one."""

    def way(self):
        self.cable = Cable(self.server.socket)
        self.addCleanup(self.cable.close)
        return "postgresql://meterworks@127.0.0.1:%d/meterworks?sslmode=disable" % self.cable.port

    def test_the_line_is_silent_and_speaks_again(self):
        for _ in range(SILENCES):
            self.cable.cut()
            self.house.call("GET", "/devices", expect=503)
            self.assert_there(self.direct)
            self.cable.mend()
            self.await_service(time.monotonic(), "the line was silent")
        self.assert_right(self.direct)

    def test_the_line_breaks_at_any_moment(self):
        chance = random.Random(20261122)
        for _ in range(BREAKS):
            time.sleep(chance.uniform(0, BEFORE_S))
            self.cable.cut()
            self.cable.break_off()
            self.assert_there(self.direct)
            self.cable.mend()
            self.await_service(time.monotonic())
        self.assert_right(self.direct)

    def test_the_server_stands_still_and_goes_on(self):
        for _ in range(SILENCES):
            self.server.tell("freeze")
            try:
                self.house.call("GET", "/devices", expect=503)
            finally:
                self.server.tell("thaw")
            self.assert_there(self.direct)
            self.await_service(time.monotonic(), "the server stood still")
        self.assert_right(self.direct)


class LostPacketsTest(AwayTest):
    def way(self):
        self.network = namespace_or_none()
        if self.network is None:
            self.skipTest("this machine gives no network namespaces")
        self.addCleanup(self.network.close)
        with self.network.entered():
            cable = Cable(self.server.socket, self.network.address)
        self.addCleanup(cable.close)
        return "postgresql://meterworks@%s:%d/meterworks?sslmode=disable&connect_timeout=2&tcp_user_timeout=1000" % (
            self.network.address, cable.port)

    def test_nothing_comes_back_for_longer_than_the_connection_lives(self):
        self.network.cut()
        until(lambda: "the connection to the database was lost" in self.house.said())
        self.assert_there(self.direct)
        self.network.mend()
        since = time.monotonic()
        self.start_again_if_ended(since)
        self.await_service(since, "the network was gone")
        self.assert_right(self.direct)


class ReplacedTest(AwayTest):
    """A second server has every commit before it is answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.tell("replica")

    def way(self):
        first = os.path.dirname(self.server.socket)
        self.second = self.direct.replace("host=" + first, "host=%s/second" % first)
        return "postgresql:///meterworks?host=%s,%s/second&user=meterworks&connect_timeout=2" % (first, first)

    def test_a_server_that_stands_still_is_left_for_the_one_that_took_over(self):
        self.server.tell("freeze")
        self.addCleanup(self.server.tell, "thaw")
        self.server.tell("promote")
        since = time.monotonic()
        self.assert_there(self.second)
        self.start_again_if_ended(since)
        self.await_service(since, "another server took over")
        self.assert_right(self.second)


del AwayTest  # it has no tests itself


if __name__ == "__main__":
    unittest.main()
