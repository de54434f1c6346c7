"""Gates in processes of their own: one is killed, the core is killed, the network between them is cut. No acknowledged
reading is lost, no command is done twice, and the service comes back by itself."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

from coap_device import CHANGED, CREATED, Device, Report
from installation import PROGRAM, Installation
from machines import Cable, GateProcess, key_file, namespace_or_none
from test_coap_peer import OBJECTS, SECURED_CLIENT, run_client
from test_report import DAY_S, last_midnight
from waiting import until

METERS = 6
TRY_S = 2            # a meter that is not answered says it again after so long
CORE_KILLS = 3
PURCHASES = 6
PURCHASE_FEN = 1000


class Meter(threading.Thread):
    """Reports ever larger volumes to the first of its gates that answers, and remembers what was acknowledged. It executes
    each purchase that it has not got yet, and counts."""

    def __init__(self, imei, gates, namespace=None):
        super().__init__(daemon=True)
        self.imei, self.gates, self.namespace = imei, gates, namespace
        self.volume_l = self.acknowledged_l = 5000
        self.acknowledged_at = 0.0
        self.registrations = 0
        self.purchases = {}  # serial: fen
        self.asked = 0       # requests to purchase, repeated ones as well
        self.ended = threading.Event()

    def connect(self, gate):
        if self.namespace is None:
            return Device(gate.coap_port, self.imei)
        with self.namespace.entered():
            return Device(gate.coap_port, self.imei)

    def run(self):
        turn = 0
        while not self.ended.is_set():
            device = self.connect(self.gates[turn % len(self.gates)])
            try:
                self.speak(device)
            except (socket.timeout, OSError):
                pass  # the gate is gone: the next one
            device.close()
            turn += 1

    def speak(self, device):
        registered = self.try_often(lambda: device.register(timeout_s=TRY_S).code == CREATED)
        self.registrations += not self.ended.is_set()
        while registered and not self.ended.is_set() and self.try_often(lambda: self.report(device)):
            self.listen(device)

    def try_often(self, say):
        """With one gate only a meter goes on saying it; with several it looks for another one."""
        while not self.ended.is_set():
            try:
                return say()
            except socket.timeout:
                if len(self.gates) > 1:
                    raise
        return False

    def report_code(self, device):
        self.volume_l += 1
        payload = Report(int(time.time()), self.volume_l, last_midnight(), [5000] + [None] * 6,
                         balance=sum(self.purchases.values()) / 100, serial=max(self.purchases, default=0)).senml_cbor()
        return device.send(payload, timeout_s=TRY_S).code

    def report(self, device):
        if self.report_code(device) != CHANGED:
            return False
        self.acknowledged_l, self.acknowledged_at = self.volume_l, time.monotonic()
        return True

    def listen(self, device):
        while True:
            try:
                request = device.wait_request(timeout_s=0.02)
            except socket.timeout:
                return
            self.asked += 1
            serial, amount = (int(part) for part in request.payload.split(b"'")[1::2])
            self.purchases.setdefault(serial, amount)
            device.answer(request, CHANGED)


def device_key(house, imei):
    said = subprocess.run([PROGRAM, "device-key", "--data", house.data, "%015d" % imei], check=True, stdout=subprocess.PIPE,
                          text=True).stdout
    return bytes.fromhex(said.split()[-1])


class SeveralMachinesTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.core_start()
        self.building = self.house.add_building()
        self.meters = []

    def core_start(self, listen="127.0.0.1:0"):
        self.house.start("--gate-listen", listen)
        self.gates_port = int(self.house.process.stdout.readline().split()[1])
        self.house.sign_in()

    def cable(self):
        cable = Cable(self.gates_port)
        self.addCleanup(cable.close)
        return cable

    def gate(self, name, *arguments, **more):
        gate = GateProcess(self.house, name, *arguments, **more)
        self.addCleanup(gate.close)
        return gate.start().await_ports()

    def add_device(self, number, **more):
        return self.house.add_device(self.building, 860300000000000 + number, "%012d" % (300 + number),
                                     installed_s=int(time.time()) - 30 * DAY_S, **more)

    def add_meters(self, count):
        self.ids = [self.add_device(number) for number in range(count)]

    def start_meters(self, gate_lists, **more):
        self.meters = [Meter(860300000000000 + number, gates, **more) for number, gates in enumerate(gate_lists)]
        self.addCleanup(self.stop_meters)
        for meter in self.meters:
            meter.start()
        self.await_all_served(0.0)

    def stop_meters(self):
        for meter in self.meters:
            meter.ended.set()
        for meter in self.meters:
            meter.join()

    def await_all_served(self, since):
        until(lambda: min(meter.acknowledged_at for meter in self.meters), lambda oldest: oldest > since)

    def tell(self, what, since):
        """A figure for whoever reads; it depends on the machine and proves nothing."""
        print("# %s: every meter was served again after %.1f s" % (what, time.monotonic() - since), flush=True)

    def assert_acknowledged_is_stored(self):
        """Asked while no gate reaches the core, so that nothing said again afterwards covers what was lost."""
        acknowledged = [meter.acknowledged_l for meter in self.meters]
        for device_id, litres in zip(self.ids, acknowledged):
            state = self.house.call("GET", "/devices/%d" % device_id, expect=200)
            self.assertGreaterEqual(state["register_value"], litres * 1000)

    def assert_nothing_lost(self):
        self.stop_meters()
        self.assert_acknowledged_is_stored()
        for device_id in self.ids:
            days = self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"]
            self.assertLessEqual(len(days), 1)

    def test_a_gate_dies_and_its_meters_go_to_another(self):
        self.add_meters(METERS)
        north, south = (self.gate(name, [self.gates_port]) for name in ("north", "south"))
        self.start_meters([(north, south) if number % 2 else (south, north) for number in range(METERS)])
        north.kill()
        since = time.monotonic()
        self.await_all_served(since)
        self.tell("a gate was killed", since)
        self.assert_nothing_lost()

    def test_the_core_dies_and_the_gates_keep_their_sessions(self):
        self.add_meters(METERS)
        cable = self.cable()
        gates = [self.gate(name, [cable.port]) for name in ("north", "south")]
        self.start_meters([(gates[number % 2],) for number in range(METERS)])
        for _ in range(CORE_KILLS):
            self.house.kill()
            since = time.monotonic()
            self.core_start()
            self.assert_acknowledged_is_stored()
            cable.target = self.gates_port
            self.await_all_served(since)
            self.tell("the core was killed and started", since)
        self.assertEqual([meter.registrations for meter in self.meters], [1] * METERS)
        self.assert_nothing_lost()

    def links_ended(self):
        return self.counted("link_closed")

    def await_link_ended(self, before):
        until(self.links_ended, lambda count: count > before)

    def cut_and_mend(self, cable):
        before = self.links_ended()
        cable.cut()
        self.await_link_ended(before)
        self.assert_acknowledged_is_stored()
        cable.mend()
        since = time.monotonic()
        self.await_all_served(since)
        self.tell("the link was cut", since)
        self.assertEqual([meter.registrations for meter in self.meters], [1] * len(self.meters))
        self.assert_nothing_lost()

    def test_the_link_is_cut_and_mended(self):
        self.add_meters(METERS)
        cable = self.cable()
        gate = self.gate("north", [cable.port])
        self.start_meters([(gate,)] * METERS)
        self.cut_and_mend(cable)

    def test_another_machine_is_cut_off(self):
        namespace = namespace_or_none()
        if namespace is None:
            self.skipTest("needs root and network namespaces")
        self.addCleanup(namespace.close)
        self.house.stop()
        self.core_start("%s:0" % namespace.host)
        self.add_meters(METERS)
        gate = self.gate("north", [self.gates_port], host=namespace.host, namespace=namespace.name)
        self.start_meters([(gate,)] * METERS, namespace=namespace)
        self.cut_and_mend(namespace)

    def test_a_core_that_stands_still_is_left_and_found_again(self):
        self.add_meters(METERS)
        gate = self.gate("north", [self.gates_port])
        self.start_meters([(gate,)] * METERS)
        self.house.process.send_signal(signal.SIGSTOP)
        try:
            until(lambda: self.house.said(), lambda said: "link ended" in said)
        finally:
            self.house.process.send_signal(signal.SIGCONT)
        since = time.monotonic()
        self.await_all_served(since)
        self.tell("the core stood still", since)
        self.assert_nothing_lost()

    def standby_start(self):
        """A second process over the same data; `self.house` is it from now on, the first is given back."""
        first, first_errors = self.house.process, self.house.errors
        self.house.launch("--gate-listen", "127.0.0.1:0", "--standby")
        self.assertEqual(self.house.process.stdout.readline(), "standby\n")
        return first, first_errors

    def standby_await(self):
        self.house.ports_read()
        self.gates_port = int(self.house.process.stdout.readline().split()[1])
        self.house.sign_in()

    def test_a_standby_takes_over(self):
        self.add_meters(METERS)
        cable, second = self.cable(), self.cable()
        gate = self.gate("north", [cable.port, second.port])
        self.start_meters([(gate,)] * METERS)
        first, errors = self.standby_start()
        since = time.monotonic()
        first.send_signal(signal.SIGKILL)
        self.standby_await()
        self.assert_acknowledged_is_stored()
        second.target = self.gates_port
        self.await_all_served(since)
        self.tell("a standby took over", since)
        first.wait()
        first.stdout.close()
        errors.close()
        self.assertEqual([meter.registrations for meter in self.meters], [1] * METERS)
        self.assert_nothing_lost()

    def test_two_processes_do_not_serve_one_folder(self):
        first, errors = self.house.process, self.house.errors
        self.house.launch("--gate-listen", "127.0.0.1:0")
        self.assertEqual(self.house.process.wait(), 1)
        self.house.process.stdout.close()
        self.house.errors.close()
        self.assertIn("is served by another process", self.house.said())
        self.house.process, self.house.errors = first, errors
        first, errors = self.standby_start()
        self.assertEqual(self.house.stop(), 0)
        self.house.process, self.house.errors = first, errors
        self.house.call("GET", "/areas", expect=200)

    def ask_purchase(self):
        body = {"kind": "recharge", "amount_fen": PURCHASE_FEN, "reason": "试验"}
        return self.house.call("POST", "/devices/%d/commands" % self.ids[0], body, expect=201)["command_id"]

    def await_command(self, command_id, state):
        self.house.until("/commands/%d" % command_id, lambda command: command["state"] == state)

    def test_no_purchase_is_done_twice(self):
        self.add_meters(1)
        cable = self.cable()
        north, south = self.gate("north", [cable.port]), self.gate("south", [cable.port])
        self.start_meters([(north, south)])

        def core_dies():
            self.house.kill()
            self.core_start()
            cable.target = self.gates_port

        def gate_dies():
            north.kill()
            north.start().await_ports()

        def link_is_cut():
            before = self.links_ended()
            cable.cut()
            self.await_link_ended(before)
            cable.mend()

        for number in range(PURCHASES):
            command_id = self.ask_purchase()
            (core_dies, gate_dies, link_is_cut)[number % 3]()
            self.await_command(command_id, "verified")
        meter = self.meters[0]
        self.assertEqual(len(meter.purchases), PURCHASES)
        self.assertEqual(set(meter.purchases.values()), {PURCHASE_FEN})
        self.assertGreaterEqual(meter.asked, PURCHASES)
        self.assert_nothing_lost()

    def test_a_meter_that_is_new_is_known_to_gates_that_run(self):
        gate = self.gate("north", [self.gates_port])
        self.add_device(50)
        device = Device(gate.coap_port, 860300000000050)
        self.addCleanup(device.close)
        until(lambda: device.register().code, lambda code: code == CREATED)

    @unittest.skipUnless(shutil.which(SECURED_CLIENT), "package libcoap3-bin is missing")
    def test_a_secured_meter_is_let_in_by_the_core_s_word(self):
        gate = self.gate("north", [self.gates_port])
        imei = next(imei for imei in range(860300000000100, 860300000000200) if 0 not in device_key(self.house, imei))
        self.add_device(imei - 860300000000000, security="psk")
        uri = "coaps://127.0.0.1:%d/rd?ep=urn:imei:%015d&lt=86400&lwm2m=1.1&b=U&Q" % (gate.coaps_port, imei)

        def register(key):
            return run_client(SECURED_CLIENT, "-v", "7", "-B", "10", "-m", "post", "-u", "urn:imei:%015d" % imei, "-k", key,
                              "-t", "40", "-e", OBJECTS, uri)

        until(lambda: register(device_key(self.house, imei)), lambda said: "c:2.01" in said)
        self.assertNotIn("c:2.0", register(b"not-the-right-key"))
        gate.kill()
        gate.start().await_ports()
        uri = uri.replace(uri.split(":")[2].split("/")[0], str(gate.coaps_port))
        self.assertIn("c:2.01", register(device_key(self.house, imei)))  # nothing of it was on the gate that died

    def test_who_has_no_key_is_no_gate(self):
        wrong = GateProcess(self.house, "south", [self.gates_port])
        self.addCleanup(wrong.close)
        with open(wrong.key, "w", encoding="utf-8") as file:
            file.write("south " + "0" * 32 + "\n")
        wrong.start()
        with open(os.path.join(self.house.data, "gates.refused"), "w", encoding="utf-8") as file:
            file.write("east\n")
        refused = GateProcess(self.house, "east", [self.gates_port])
        self.addCleanup(refused.close)
        refused.start()
        for said in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 4096, bytes(range(256))):
            with socket.create_connection(("127.0.0.1", self.gates_port)) as stranger:
                stranger.sendall(said)
                with self.subTest(said=said[:8]):
                    self.assertIn(self.ending(stranger), (b"", b"\x15"))  # closed, with an alert or without
        until(lambda: self.counted("link_refused_handshake"), lambda count: count >= 5)
        self.assertEqual(self.counted("link_welcomed"), 0)
        self.gate("north", [self.gates_port])
        self.assertEqual(self.counted("link_welcomed"), 1)
        os.chmod(key_file(self.house, "west"), 0o644)
        self.assertEqual(self.gate_status("west"), 1)

    @staticmethod
    def ending(stranger):
        said = b""
        try:
            while data := stranger.recv(4096):
                said += data
        except ConnectionResetError:
            pass
        return said[:1]

    def gate_status(self, name):
        gate = GateProcess(self.house, name, [self.gates_port])
        os.chmod(gate.key, 0o644)
        gate.start()
        status = gate.process.wait()
        gate.process.stdout.close()
        gate.errors.close()
        return status

    def counted(self, name):
        return self.house.counted(name)


if __name__ == "__main__":
    unittest.main()
