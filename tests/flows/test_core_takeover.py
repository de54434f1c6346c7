"""Two cores on one PostgreSQL server, each as on a machine of its own: one works, one stands by. The one that works is killed,
stands still, or ends; the other one goes on, and what was acknowledged is there."""

import copy
import glob
import shutil
import signal
import time
import unittest

import test_several_machines
from installation import Installation
from machines import Cable, DatabaseServer, GateProcess, twin
from waiting import PATIENCE_S

METERS = 6


@unittest.skipUnless(shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"), "PostgreSQL is not installed")
class CoreTakeoverTest(unittest.TestCase):
    # What meters, gates and readings are is the same as with one core.
    add_device = test_several_machines.SeveralMachinesTest.add_device
    add_meters = test_several_machines.SeveralMachinesTest.add_meters
    start_meters = test_several_machines.SeveralMachinesTest.start_meters
    stop_meters = test_several_machines.SeveralMachinesTest.stop_meters
    await_all_served = test_several_machines.SeveralMachinesTest.await_all_served
    tell = test_several_machines.SeveralMachinesTest.tell
    assert_nothing_lost = test_several_machines.SeveralMachinesTest.assert_nothing_lost
    assert_acknowledged_is_stored = test_several_machines.SeveralMachinesTest.assert_acknowledged_is_stored
    ask_purchase = test_several_machines.SeveralMachinesTest.ask_purchase
    await_command = test_several_machines.SeveralMachinesTest.await_command

    @classmethod
    def setUpClass(cls):
        cls.database = DatabaseServer()
        cls.addClassCleanup(cls.database.close)

    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.first = self.house
        self.first.start("--gate-listen", "127.0.0.1:0")
        self.cables = [self.cable(), self.cable()]
        self.cables[0].target = self.gates_port(self.first)
        self.first.sign_in()
        self.building = self.first.add_building()
        self.add_meters(METERS)
        gate = GateProcess(self.first, "north", [cable.port for cable in self.cables])
        self.addCleanup(gate.close)
        gate.start().await_ports()
        self.start_meters([(gate,)] * METERS)
        self.lease = self.house.call("GET", "/health", expect=200)["lease"]
        self.second = twin(self.first)
        self.second.launch("--gate-listen", "127.0.0.1:0", "--standby")
        self.addCleanup(self.end, self.second)
        self.assertEqual(self.second.process.stdout.readline(), "standby\n")

    def cable(self):
        cable = Cable(0)
        self.addCleanup(cable.close)
        return cable

    @staticmethod
    def end(house):
        if house.process is not None:
            house.kill()

    @staticmethod
    def gates_port(house):
        return int(house.process.stdout.readline().split()[1])

    def await_status(self, house, status):
        self.assertEqual(house.process.wait(timeout=PATIENCE_S), status)
        house.process.stdout.close()
        house.errors.close()
        house.process = None

    def await_takeover(self, since, what):
        """From now on the second core is the house that is asked."""
        self.second.ports_read()
        self.cables[1].target = self.gates_port(self.second)
        self.second.cookie = self.second.csrf = None
        self.house = self.second
        self.house.sign_in()
        lease = self.house.call("GET", "/health", expect=200)["lease"]
        self.assertNotEqual(lease["owner"], self.lease["owner"])
        self.assertGreater(lease["epoch"], self.lease["epoch"])
        self.await_all_served(since)
        self.tell(what, since)
        self.assertEqual([meter.registrations for meter in self.meters], [1] * METERS)

    def test_the_core_is_killed(self):
        since = time.monotonic()
        self.first.kill()
        self.await_takeover(since, "the core was killed")
        self.assert_nothing_lost()

    def test_the_core_ends_by_itself(self):
        since = time.monotonic()
        self.assertEqual(self.first.stop(), 0)
        self.await_takeover(since, "the core ended")
        self.assert_nothing_lost()

    def test_a_core_that_stood_still_does_nothing_any_more(self):
        command_id = self.ask_purchase()
        since = time.monotonic()
        self.first.process.send_signal(signal.SIGSTOP)
        try:
            self.await_takeover(since, "the core stood still")
        finally:
            self.first.process.send_signal(signal.SIGCONT)
        self.await_status(self.first, 1)  # to be started again, and to stand by then
        self.assertIn("another server has taken this database over", self.first.said())
        self.await_command(command_id, "verified")
        self.assertEqual(len(self.meters[0].purchases), 1)
        self.assert_nothing_lost()

    def test_a_second_process_over_the_same_folder_takes_nothing(self):
        again = copy.copy(self.first)
        again.launch()
        self.await_status(again, 1)
        self.assertIn("is served by another process", self.first.said())
        self.await_all_served(time.monotonic())
        self.assertIsNone(self.first.process.poll())
        self.assert_nothing_lost()

    def test_who_does_not_stand_by_says_that_another_works(self):
        self.end(self.second)
        self.second.launch()
        self.await_status(self.second, 1)
        self.assertIn("another server works on this database", self.second.said())
        self.await_all_served(time.monotonic())
        self.assert_nothing_lost()


if __name__ == "__main__":
    unittest.main()
