"""The whole way: the platform asks meters over a TCP serial server, a serial port and a DTU, and readings arrive."""

import signal
import socket
import subprocess
import threading
import unittest

from installation import PROGRAM, Installation
from waiting import PATIENCE_S

SEARCH_WAITS_MS = (60, 60, 180, 540)  # for each of the many that are silent; a slow machine needs more of it
ANSWER_MS = 20000  # for those that answer
FAST = ("--baud", "38400", "--delay", "4")


def pump(source, sink):
    """What a DTU does all day."""
    try:
        while data := source.recv(4096):
            sink.sendall(data)
    except OSError:
        pass


def babble(unit, is_quiet):
    """A converter with a broken driver behind a DTU: bytes without an end."""
    while not is_quiet.wait(0.02):
        unit.sendall(b"\x55\xaa\x68")


class LineMetersTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.house.start().sign_in()
        self.area = self.house.add_building()

    def meters(self, *options):
        """Simulated meters on a line: where it is, and a row of words for each meter."""
        process = subprocess.Popen([PROGRAM, "meters", *FAST, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        place = process.stdout.readline().split()
        count = int(options[options.index("--count") + 1])
        return place[1], [process.stdout.readline().split() for _ in range(count)]

    def add_line(self, kind, address, **more):
        body = {"area_id": self.area, "address": address, "name": "3栋总线", "kind": kind, "baud": 38400, **more}
        return self.house.call("POST", "/concentrators", body, expect=201)["device_id"]

    def add_meter(self, line_id, kind, profile, number, **more):
        return self.house.call("POST", "/devices", {
            "area_id": self.area, "room": "301", "kind": kind, "profile": profile, "meter_number": number,
            "parent_device_id": line_id, **more}, expect=201)["device_id"]

    def wait_connected(self, line_id):
        self.house.until(f"/concentrators/{line_id}", lambda line: line["connected"])

    def read(self, device_id):
        """How the first try ended, and what the register shows."""
        task = self.house.call("POST", f"/devices/{device_id}/read", {"what": "current"}, expect=201)
        path = f"/reading-tasks/{task['task_id']}/items"
        item = self.house.until(path, lambda answer: answer["items"][0]["state"] == "done"
                         or answer["items"][0]["reason"] is not None)["items"][0]
        return item["state"], item["reason"], item["register_value"]

    def assert_read(self, device_id):
        state, reason, value = self.read(device_id)
        self.assertEqual((state, reason), ("done", None))
        self.assertGreater(value, 0)

    def open_events(self, device_id):
        rows = self.house.call("GET", f"/devices/{device_id}/events", expect=200)["items"]
        return [(row["kind"], row["detail"]) for row in rows if row["cleared_s"] is None]

    def dial_as_dtu(self, line_id, port):
        """A DTU that has said its name, and the bus behind it."""
        unit = socket.create_connection(("127.0.0.1", self.house.lines_port), timeout=PATIENCE_S)
        bus = socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE_S)
        unit.sendall(b"DTU-0042")
        self.wait_connected(line_id)
        return unit, bus

    def pump(self, *ends):
        """Both ways, until the test is over."""
        pumps = [threading.Thread(target=pump, args=pair) for pair in (ends, ends[::-1])]
        for each in pumps:
            each.start()
            self.addCleanup(each.join)
        for end in ends:
            self.addCleanup(end.close)
            self.addCleanup(end.shutdown, socket.SHUT_RDWR)

    def test_heat_meters_on_m_bus_over_a_tcp_serial_server(self):
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "2", "--kind", "heat", "--protocol", "mbus")
        line_id = self.add_line("tcp", f"127.0.0.1:{port}", answer_timeout_ms=ANSWER_MS)
        self.wait_connected(line_id)
        first, second = (self.add_meter(line_id, "heat", "mbus-heat", number) for number in ("26110001", "26110002"))
        self.assert_read(first)
        self.assert_read(second)
        self.assert_listed_over_time(first)

    def assert_listed_over_time(self, device_id):
        registers = self.house.call("GET", f"/devices/{device_id}/registers", expect=200)["items"]
        self.assertGreater(len({(row["quantity"], row["register_index"], row["phase"]) for row in registers}), 3)
        for row in registers:
            query = "&".join(f"{name}={row[name]}" for name in ("quantity", "register_index", "phase", "period"))
            listed = self.house.call("GET", f"/devices/{device_id}/register-values?{query}", expect=200)["items"]
            self.assertIn(row, listed)

    def test_water_meters_of_cjt_188_on_a_serial_port_with_an_echo(self):
        path, rows = self.meters("--terminal", "--count", "2", "--kind", "cold-water", "--protocol", "cjt188", "--echo")
        line_id = self.add_line("serial", path, answer_timeout_ms=ANSWER_MS)
        self.wait_connected(line_id)
        for row in rows:
            self.assert_read(self.add_meter(line_id, "cold_water", "cjt188-cold-water", row[-1]))

    def test_meters_behind_a_dtu(self):
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "1", "--kind", "heat", "--protocol", "mbus")
        line_id = self.add_line("dtu", "DTU-0042", heartbeat="beat", answer_timeout_ms=ANSWER_MS)
        unit, bus = self.dial_as_dtu(line_id, port)
        self.pump(unit, bus)
        unit.sendall(b"beat")
        self.assert_read(self.add_meter(line_id, "heat", "mbus-heat", "26110001"))

    def test_a_dtu_that_never_goes_quiet_is_an_event_until_it_does(self):
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "1", "--kind", "heat", "--protocol", "mbus")
        line_id = self.add_line("dtu", "DTU-0042", answer_timeout_ms=500)
        unit, bus = self.dial_as_dtu(line_id, port)
        is_quiet = threading.Event()
        babbler = threading.Thread(target=babble, args=(unit, is_quiet))
        babbler.start()
        self.addCleanup(babbler.join)
        self.addCleanup(is_quiet.set)
        meter_id = self.add_meter(line_id, "heat", "mbus-heat", "26110001")
        self.assertEqual(self.read(meter_id)[:2], ("waiting", "never_quiet"))
        self.assertEqual(self.open_events(line_id), [("never_quiet", "")])
        self.assertEqual(self.open_events(meter_id), [])
        rows = self.house.call("GET", "/events?open=true", expect=200)["items"]
        self.assertEqual([(row["kind"], row["severity"]) for row in rows if row["device_id"] == line_id],
                         [("never_quiet", 2)])
        is_quiet.set()
        babbler.join()
        self.pump(unit, bus)
        self.assert_read(meter_id)
        self.assertEqual(self.open_events(line_id), [])

    def test_two_meters_with_one_address_are_an_event(self):
        port, rows = self.meters("--listen", "127.0.0.1:0", "--count", "3", "--kind", "cold-water", "--protocol",
                                 "cjt188", "--twins")
        line_id = self.add_line("tcp", f"127.0.0.1:{port}")
        self.wait_connected(line_id)
        self.assertEqual(rows[0][-1], rows[1][-1])
        twin = self.add_meter(line_id, "cold_water", "cjt188-cold-water", rows[0][-1])
        alone = self.add_meter(line_id, "cold_water", "cjt188-cold-water", rows[2][-1])
        self.assertEqual(self.read(twin)[1], "collision")
        self.assertEqual(self.open_events(twin), [("address_conflict", "collision")])
        self.assert_read(alone)
        self.assertEqual(self.open_events(alone), [])

    def test_a_search_finds_the_meters_of_a_line(self):
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "3", "--kind", "heat", "--protocol", "mbus")
        line_id = self.add_line("tcp", f"127.0.0.1:{port}")
        path = f"/concentrators/{line_id}/search"
        self.assertEqual(self.house.call("GET", path, expect=200)["state"], "none")
        for wait_ms in SEARCH_WAITS_MS:
            self.house.call("PATCH", f"/concentrators/{line_id}", {"answer_timeout_ms": wait_ms}, expect=200)
            self.wait_connected(line_id)
            self.house.call("POST", path, {"profile": "mbus-heat"}, expect=200)
            found = self.house.until(path, lambda answer: answer["state"] == "ended")
            if len(found["items"]) == 3 and found["problem"] == "":
                break
        self.assertEqual(found["problem"], "")
        self.assertEqual({(row["address"], row["protocol"], row["primary_address"]) for row in found["items"]},
                         {("26110001", "mbus", 1), ("26110002", "mbus", 2), ("26110003", "mbus", 3)})
        self.assertEqual({row["maker"] for row in found["items"]}, {"MWK"})
        self.house.call("GET", "/concentrators/999/search", expect=404)

    def test_a_search_ends_when_it_is_no_longer_wanted(self):
        # Nobody answers at any of the addresses: left alone, the search would take minutes.
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "1", "--kind", "heat", "--protocol", "cjt188")
        line_id = self.add_line("tcp", f"127.0.0.1:{port}", answer_timeout_ms=2000)
        path = f"/concentrators/{line_id}/search"
        self.wait_connected(line_id)
        self.house.call("POST", path, {"profile": "mbus-heat"}, expect=200)
        self.house.until(path, lambda answer: answer["state"] == "searching")
        self.house.call("POST", path + "/cancel", {"reason": "wrong line"}, expect=200)
        self.assertEqual(self.house.until(path, lambda answer: answer["state"] == "ended")["problem"], "cancelled")
        self.house.call("POST", path + "/cancel", {}, expect=200)
        self.house.call("POST", "/concentrators/999/search/cancel", {}, expect=404)

    def test_reading_on_demand_goes_before_searches(self):
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "3", "--kind", "heat", "--protocol", "mbus")
        line_id = self.add_line("tcp", f"127.0.0.1:{port}")
        meter_id = self.add_meter(line_id, "heat", "mbus-heat", "26110002")
        path = f"/concentrators/{line_id}/search"
        self.wait_connected(line_id)
        for _ in range(2):
            self.house.call("POST", path, {"profile": "mbus-heat"}, expect=200)
        self.house.until(path, lambda answer: answer["state"] == "searching")
        for _ in range(3):
            self.assert_read(meter_id)
            self.assertEqual(self.house.call("GET", path, expect=200)["state"], "searching")

    def test_what_is_wrong_on_a_line_is_named(self):
        port, _ = self.meters("--listen", "127.0.0.1:0", "--count", "3", "--kind", "heat", "--protocol", "mbus",
                              "--stranger", "3")
        line_id = self.add_line("tcp", f"127.0.0.1:{port}")
        self.wait_connected(line_id)
        self.assert_read(self.add_meter(line_id, "heat", "mbus-heat", "26110002"))
        stranger = self.add_meter(line_id, "heat", "mbus-heat", "26110003", address="3")
        self.assertEqual(self.read(stranger)[1], "address")
        self.assertEqual(self.open_events(stranger), [("address_conflict", "address")])
        absent = self.add_meter(line_id, "heat", "mbus-heat", "26119999")
        self.assertEqual(self.read(absent)[1], "no_answer")


if __name__ == "__main__":
    unittest.main()
