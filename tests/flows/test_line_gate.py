"""Concentrators and DTU dial in: logins, heartbeats, frames in any cut, strangers, second connections, silence."""

import socket
import struct
import unittest

from installation import Installation
from waiting import PATIENCE_S, until

LOGIN, HEARTBEAT, LOGOUT = 1, 4, 2
REGION = "4401"
HEARTBEAT_S = 5


class Concentrator:
    """A scripted terminal of Q/GDW 376.1 over a socket of its own."""

    def __init__(self, port, terminal):
        self.terminal = terminal
        self.sequence = 0
        self.received = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)

    def frame(self, function):
        address = bytes.fromhex(REGION)[::-1] + struct.pack("<H", self.terminal) + b"\0"
        self.sequence = (self.sequence + 1) % 16
        user = b"\xc9" + address + bytes([2, 0x70 | self.sequence, 0, 0, function, 0])
        length = struct.pack("<H", len(user) << 2 | 2)
        return b"\x68" + length * 2 + b"\x68" + user + bytes([sum(user) & 0xFF, 0x16])

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """User data of the next frame, checked; None when the platform hung up."""
        while True:
            if len(self.received) >= 8:
                size = (struct.unpack("<H", self.received[1:3])[0] >> 2) + 8
                if len(self.received) >= size:
                    frame, self.received = self.received[:size], self.received[size:]
                    assert frame[0] == frame[5] == 0x68 and frame[-1] == 0x16, frame
                    assert sum(frame[6:-2]) & 0xFF == frame[-2], frame
                    return frame[6:-2]
            try:
                more = self.socket.recv(4096)
            except ConnectionResetError:
                return None
            if not more:
                return None
            self.received += more

    def confirmed(self, function):
        """Send it and see it confirmed: AFN 00, the same sequence."""
        self.send(self.frame(function))
        return self.is_confirmation(self.answer())

    def is_confirmation(self, user):
        return user is not None and user[6] == 0 and user[7] & 0x0F == self.sequence and user[8:12] == bytes([0, 0, 1, 0])

    def close(self):
        self.socket.close()


class LineGateTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.house.start().sign_in()
        self.area = self.house.add_building()

    def add_line(self, terminal=12345, **more):
        body = {"area_id": self.area, "address": f"{REGION}{terminal:05d}", "kind": "concentrator", **more}
        return self.house.call("POST", "/concentrators", body, expect=201)["device_id"]

    def dial(self, terminal=12345):
        concentrator = Concentrator(self.house.lines_port, terminal)
        self.addCleanup(concentrator.close)
        return concentrator

    def is_connected(self, line_id):
        return self.house.call("GET", f"/concentrators/{line_id}", expect=200)["connected"]

    def wait_connected(self, line_id, connected):
        """The archive follows the gate after the next transaction."""
        until(lambda: self.is_connected(line_id), lambda seen: seen == connected)

    def counter(self, name):
        for line in self.house.call("GET", "/metrics", expect=200).splitlines():
            if line.startswith(f"meterworks_{name} "):
                return int(line.split()[1])
        raise AssertionError(name)

    def test_a_concentrator_logs_in_beats_and_leaves(self):
        line_id = self.add_line()
        self.wait_connected(line_id, False)
        concentrator = self.dial()
        self.assertTrue(concentrator.confirmed(LOGIN))
        self.wait_connected(line_id, True)
        self.assertTrue(concentrator.confirmed(HEARTBEAT))
        self.assertTrue(concentrator.confirmed(LOGOUT))
        self.wait_connected(line_id, False)

    def test_frames_come_in_any_cut_and_among_garbage(self):
        self.add_line()
        concentrator = self.dial()
        for byte in concentrator.frame(LOGIN):
            concentrator.send(bytes([byte]))
        self.assertTrue(concentrator.is_confirmation(concentrator.answer()))
        first = concentrator.frame(HEARTBEAT)
        concentrator.send(b"\xfe\xfe" + first + b"\x00\x68\x55" + concentrator.frame(HEARTBEAT))
        sequences = {concentrator.answer()[7] & 0x0F, concentrator.answer()[7] & 0x0F}
        self.assertEqual(sequences, {concentrator.sequence, concentrator.sequence - 1})

    def test_garbage_before_the_login_is_no_reason_to_hang_up(self):
        self.add_line()
        concentrator = self.dial()
        concentrator.send(b"\x00\xff\x16" + concentrator.frame(LOGIN))
        self.assertTrue(concentrator.is_confirmation(concentrator.answer()))

    def test_the_second_connection_of_a_concentrator_replaces_the_first(self):
        line_id = self.add_line()
        older, newer = self.dial(), self.dial()
        self.assertTrue(older.confirmed(LOGIN))
        self.assertTrue(newer.confirmed(LOGIN))
        self.assertIsNone(older.answer())
        self.assertTrue(newer.confirmed(HEARTBEAT))
        self.wait_connected(line_id, True)
        self.assertEqual(self.counter("line_gate_replaced"), 1)

    def test_a_stranger_is_shown_until_it_is_entered(self):
        stranger = self.dial(54321)
        stranger.send(stranger.frame(LOGIN))
        self.assertIsNone(stranger.answer())
        shown = self.house.call("GET", "/strangers", expect=200)["items"]
        self.assertEqual([(row["address"], row["is_concentrator"], row["count"]) for row in shown],
                         [(REGION + "54321", True, 1)])
        self.assertTrue(shown[0]["peer"].startswith("127.0.0.1:"))
        self.add_line(54321)
        again = self.dial(54321)
        self.assertTrue(again.confirmed(LOGIN))
        self.assertEqual(self.house.call("GET", "/strangers", expect=200)["items"], [])

    def test_silence_of_three_heartbeats_is_the_end(self):
        line_id = self.add_line(heartbeat_interval_s=HEARTBEAT_S)
        concentrator = self.dial()
        self.assertTrue(concentrator.confirmed(LOGIN))
        self.assertIsNone(concentrator.answer())
        self.assertEqual(self.counter("line_gate_silent"), 1)
        self.wait_connected(line_id, False)

    def test_a_dtu_is_known_by_its_registration_packet(self):
        line_id = self.house.call("POST", "/concentrators", {
            "area_id": self.area, "address": "DTU-{digits:4-4}", "name": "3栋DTU", "kind": "dtu", "heartbeat": "beat"},
            expect=201)["device_id"]
        unit = socket.create_connection(("127.0.0.1", self.house.lines_port), timeout=PATIENCE_S)
        self.addCleanup(unit.close)
        unit.sendall(b"DTU-0042beat")
        self.wait_connected(line_id, True)

    def test_lines_are_served_again_after_a_restart(self):
        self.add_line()
        first = self.dial()
        self.assertTrue(first.confirmed(LOGIN))
        self.assertEqual(self.house.stop(), 0)
        self.assertIsNone(first.answer())
        self.house.start().sign_in()
        self.assertTrue(self.dial().confirmed(LOGIN))

    def test_a_line_is_called_as_its_address_ends(self):
        body = {"area_id": self.house.root_area(), "kind": "tcp", "address": "192.168.100.200:4001"}
        line = self.house.call("POST", "/concentrators", body, expect=201)
        self.assertEqual(line["name"], "8.100.200:4001")
        taken = self.house.call("POST", "/concentrators", {**body, "address": "10.0.0.1:1", "name": line["name"]}, expect=409)
        self.assertEqual((taken["error"]["code"], taken["error"]["field"]), ("line_name_taken", "name"))
        self.house.call("PATCH", f"/concentrators/{line['device_id']}", {"address": "192.168.100.201:4001"}, expect=200)
        for kind, address in (("tcp", "0"), ("tcp", "host:"), ("tcp", ":1"), ("tcp", "host:65536"), ("tcp", "host:0"),
                              ("serial", "ttyS0")):
            wrong = self.house.call("POST", "/concentrators", {**body, "kind": kind, "address": address}, expect=422)
            self.assertEqual(wrong["error"]["field"], "address", address)


if __name__ == "__main__":
    unittest.main()
