"""A city in two shards, each a district with a core of its own and one that stands by, and a gate that serves both. What happens
to one district's core, or to the way to it, is nothing to the meters of the other."""

import glob
import itertools
import shutil
import signal
import socket
import subprocess
import time
import unittest

import test_several_machines
from coap_device import CHANGED, CREATED, Device
from installation import PROGRAM, Installation
from machines import Cable, DatabaseServer, GateProcess, namespace_or_none, twin
from test_coap_peer import OBJECTS, SECURED_CLIENT, run_client
from test_several_machines import TRY_S, Meter, device_key
from waiting import PATIENCE_S, until

METERS = 4
FORBIDDEN = 0x83
ROUNDS = 3  # reports of every meter of a district that count as being served


class District:
    """One shard: its installation, the cores that have it or stand by for it, its meters."""

    add_device = test_several_machines.SeveralMachinesTest.add_device
    ask_purchase = test_several_machines.SeveralMachinesTest.ask_purchase
    await_command = test_several_machines.SeveralMachinesTest.await_command
    await_all_served = test_several_machines.SeveralMachinesTest.await_all_served
    stop_meters = test_several_machines.SeveralMachinesTest.stop_meters

    def __init__(self, test, shard, beside=None, listen="127.0.0.1:0"):
        self.test, self.shard = test, shard
        self.house = self.first = Installation(shard=shard, beside=beside)
        test.addCleanup(self.house.close)
        self.house.start("--gate-listen", listen)
        self.gates_ports = [self.gates_port(self.first)]
        self.house.sign_in()
        self.building = self.house.add_building()
        self.numbers = range(100 * shard, 100 * shard + METERS)
        self.ids = [self.add_device(number) for number in self.numbers]
        self.meters = []

    @staticmethod
    def gates_port(house):
        return int(house.process.stdout.readline().split()[1])

    def cables_lay(self):
        """To the core that works and to the one that will stand by, which nobody reaches yet."""
        self.cables = [Cable(self.gates_ports[0]), Cable(0)]
        for cable in self.cables:
            self.test.addCleanup(cable.close)
        return [cable.port for cable in self.cables]

    def standby_start(self):
        self.second = twin(self.first)
        self.second.launch("--gate-listen", "127.0.0.1:0", "--standby")
        self.test.addCleanup(lambda: self.second.process is None or self.second.kill())
        self.test.assertEqual(self.second.process.stdout.readline(), "standby\n")

    def standby_await(self):
        """From now on the second core is the house that is asked."""
        self.second.ports_read()
        self.cables[1].target = self.gates_port(self.second)
        self.second.cookie = self.second.csrf = None
        self.house = self.second
        self.house.sign_in()

    def meters_start(self, gate, **more):
        self.meters = [Meter(860300000000000 + number, (gate,), **more) for number in self.numbers]
        self.test.addCleanup(self.stop_meters)
        for meter in self.meters:
            meter.start()

    def assert_served(self):
        """Every meter is answered again and again from now on."""
        for _ in range(ROUNDS):
            self.await_all_served(time.monotonic())

    def assert_nothing_noticed(self):
        self.test.assertEqual([meter.registrations for meter in self.meters], [1] * METERS)

    def assert_nothing_lost(self):
        self.stop_meters()
        for device_id, meter in zip(self.ids, self.meters):
            state = self.house.call("GET", "/devices/%d" % device_id, expect=200)
            self.test.assertGreaterEqual(state["register_value"], meter.acknowledged_l * 1000)


@unittest.skipUnless(shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"), "PostgreSQL is not installed")
class ShardsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = DatabaseServer()
        cls.addClassCleanup(cls.database.close)

    def districts_make(self, **more):
        self.north = District(self, 1, **more)
        self.south = District(self, 2, beside=self.north.house, **more)

    def gate(self, ports, **more):
        gate = GateProcess(self.north.first, "gate", ports, **more)
        self.addCleanup(gate.close)
        return gate.start().await_ports()

    def city_make(self):
        self.districts_make()
        gate = self.gate({district.shard: district.cables_lay() for district in (self.north, self.south)})
        self.north.standby_start()
        for district in (self.north, self.south):
            district.meters_start(gate)
            district.await_all_served(0.0)

    def assert_all_well(self):
        for district in (self.north, self.south):
            district.assert_served()
            district.assert_nothing_noticed()
            district.assert_nothing_lost()

    def test_a_core_is_killed(self):
        self.city_make()
        commands = [(district, district.ask_purchase()) for district in (self.north, self.south)]
        self.north.first.kill()
        self.south.assert_served()
        self.north.standby_await()
        self.north.await_all_served(time.monotonic())
        for district, command_id in commands:
            district.await_command(command_id, "verified")
            self.assertEqual(len(district.meters[0].purchases), 1)
        self.assert_all_well()

    def test_a_core_stands_still(self):
        self.city_make()
        command_id = self.north.ask_purchase()
        self.north.first.process.send_signal(signal.SIGSTOP)
        try:
            self.south.assert_served()
            self.north.standby_await()
            self.north.await_all_served(time.monotonic())
        finally:
            self.north.first.process.send_signal(signal.SIGCONT)
        process = self.north.first.process
        self.assertEqual(process.wait(timeout=PATIENCE_S), 1)
        process.stdout.close()
        self.north.first.errors.close()
        self.north.first.process = None
        self.assertIn("another server has taken this database over", self.north.first.said())
        self.north.await_command(command_id, "verified")
        self.assertEqual(len(self.north.meters[0].purchases), 1)
        self.assert_all_well()

    def test_the_way_to_a_core_is_cut(self):
        """Nothing is reset: what is said into it is lost, and the core itself goes on."""
        self.city_make()
        self.north.cables[0].cut()
        self.south.assert_served()
        since = time.monotonic()
        self.north.cables[0].mend()
        self.north.await_all_served(since)
        self.assert_all_well()

    def test_the_machine_of_a_core_is_cut_off(self):
        namespace = namespace_or_none()
        if namespace is None:
            self.skipTest("needs root and network namespaces")
        self.addCleanup(namespace.close)
        other = namespace.joined_again()
        self.addCleanup(other.close)
        self.north = District(self, 1, listen="%s:0" % namespace.host)
        self.south = District(self, 2, beside=self.north.house, listen="%s:0" % other.host)
        gate = self.gate({1: ["%s:%d" % (namespace.host, self.north.gates_ports[0])],
                          2: ["%s:%d" % (other.host, self.south.gates_ports[0])]}, namespace=namespace.name)
        for district in (self.north, self.south):
            district.meters_start(gate, namespace=namespace)
            district.await_all_served(0.0)
        closed = self.north.house.counted("link_closed")
        namespace.cut()
        until(lambda: self.north.house.counted("link_closed"), lambda count: count > closed)
        self.south.assert_served()
        since = time.monotonic()
        namespace.mend()
        self.north.await_all_served(since)
        self.assert_all_well()

    def test_a_gate_begins_while_a_core_is_away(self):
        self.districts_make()
        self.south.house.kill()
        gate = self.gate({1: [self.north.gates_ports[0]], 2: self.south.cables_lay()})
        for district in (self.north, self.south):
            district.meters_start(gate)
        self.north.assert_served()
        self.assertEqual([meter.registrations for meter in self.south.meters], [0] * METERS)  # not answered, so not refused
        self.south.house.start("--gate-listen", "127.0.0.1:0")
        self.south.cables[0].target = self.south.gates_port(self.south.house)
        self.south.house.sign_in()
        self.south.await_all_served(0.0)
        self.assert_all_well()
        self.await_all_known(gate)

    def test_a_meter_moves_to_another_district(self):
        self.districts_make()
        number = 999
        gate = self.gate({district.shard: [district.gates_ports[0]] for district in (self.north, self.south)})
        device = Device(gate.coap_port, 860300000000000 + number)
        self.addCleanup(device.close)
        litres = itertools.count(5000)

        def served_by(district, device_id):
            """What is reported now arrives there."""
            volume_l = next(litres)
            meter = Meter(device.imei, (gate,))
            meter.volume_l = volume_l - 1
            until(lambda: self.said(meter, device), lambda code: code == CHANGED)
            return district.house.call("GET", "/devices/%d" % device_id, expect=200)["register_value"] == volume_l * 1000

        def await_served_by(district, device_id):
            until(lambda: served_by(district, device_id))

        south_id = self.south.add_device(number)
        await_served_by(self.south, south_id)
        north_id = self.north.add_device(number)
        await_served_by(self.north, north_id)  # the lower number serves it while both have it
        self.assertIn("in the archives of shards 1 and 2: shard 1 serves it", self.north.first.said())
        self.north.house.call("PATCH", "/devices/%d" % north_id, {"removed": True}, expect=200)
        await_served_by(self.south, south_id)

    @staticmethod
    def said(meter, device):
        """Report once; who is not known, or not any more, registers first."""
        try:
            return meter.report_code(device) if device.register(timeout_s=TRY_S).code == CREATED else 0
        except socket.timeout:
            return 0

    @unittest.skipUnless(shutil.which(SECURED_CLIENT), "package libcoap3-bin is missing")
    def test_any_core_lets_a_secured_meter_in(self):
        """All cores of the city know the same keys: a meter whose core is away shakes hands all the same."""
        self.districts_make()
        imei = next(imei for imei in range(860300000000500, 860300000000600) if 0 not in device_key(self.south.house, imei))
        self.south.add_device(imei - 860300000000000, security="psk")
        gate = self.gate({district.shard: [district.gates_ports[0]] for district in (self.north, self.south)})
        self.await_all_known(gate)
        self.south.house.kill()
        uri = "coaps://127.0.0.1:%d/rd?ep=urn:imei:%015d&lt=86400&lwm2m=1.1&b=U&Q" % (gate.coaps_port, imei)
        until(lambda: run_client(SECURED_CLIENT, "-v", "7", "-B", "10", "-m", "post", "-u", "urn:imei:%015d" % imei, "-k",
                                 device_key(self.south.house, imei), "-t", "40", "-e", OBJECTS, uri), lambda said: "c:2.01" in said)

    def await_all_known(self, gate):
        """A stranger is refused as soon as all shards have told the gate who is none."""
        stranger = Device(gate.coap_port, 860300000009999)
        self.addCleanup(stranger.close)

        def answer():
            try:
                return stranger.register(timeout_s=TRY_S).code
            except socket.timeout:
                return 0

        until(answer, lambda code: code == FORBIDDEN)

    def test_what_a_gate_is_told_must_make_sense(self):
        north = Installation(shard=1)
        self.addCleanup(north.close)
        for wrong in (["1="], ["16=127.0.0.1:1"], ["1=127.0.0.1:1", "1=127.0.0.1:2"], ["x=127.0.0.1:1"], ["-1=127.0.0.1:1"],
                      ["4294967297=127.0.0.1:1"]):
            gate = GateProcess(north, "gate", {})
            gate.cores = wrong
            gate.start()
            self.addCleanup(gate.close)
            with self.subTest(wrong=wrong):
                self.assertEqual(gate.await_end(), 2)
        refused = subprocess.run([PROGRAM, "init", "--data", north.data + "-again", "--shard", "16"], stderr=subprocess.PIPE)
        self.assertEqual(refused.returncode, 2)


if __name__ == "__main__":
    unittest.main()
