"""The event stream: a meter reports, the browser hears of it."""

import http.client
import json
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import Installation
from waiting import PATIENCE_S

DAY_S = 86400
ZONE_S = 28800


class Stream:
    """One listener, as EventSource would be."""

    def __init__(self, house, last_event_id=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", house.http_port, timeout=PATIENCE_S)
        headers = {"Cookie": house.cookie, "Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        self.connection.request("GET", "/api/v1/live", headers=headers)
        self.response = self.connection.getresponse()

    def next(self, kind):
        """The next event of a kind: (id, data)."""
        event = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
                continue
            if event.get("event") == kind:
                return event.get("id"), json.loads(event["data"])
            event = {}

    def close(self):
        self.response.close()
        self.connection.close()


class LiveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        building = cls.house.add_building()
        cls.device_id = cls.house.add_device(building, 863330000000001, "333000000001")
        cls.device = Device(cls.house.coap_port, 863330000000001)
        cls.device.register()

    @classmethod
    def tearDownClass(cls):
        cls.device.close()
        cls.house.close()

    def report(self, litres):
        midnight = (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S
        report = Report(time_s=int(time.time()), volume_l=litres, midnight_s=midnight, history_l=[litres - 1])
        self.assertEqual(self.device.send(report.senml_cbor()).code, CHANGED)

    def stream(self, **more):
        stream = Stream(self.house, **more)
        self.addCleanup(stream.close)
        self.assertEqual(stream.response.status, 200)
        self.assertEqual(stream.response.headers["Content-Type"], "text/event-stream; charset=utf-8")
        return stream

    def test_the_clock_ticks(self):
        before_s = int(time.time())
        stream = self.stream()
        _, tick = stream.next("tick")
        self.assertTrue(before_s <= tick["now_s"] <= time.time(), tick)
        self.assertEqual(tick["speed"], 1)
        _, later = stream.next("tick")
        self.assertGreaterEqual(later["now_s"], tick["now_s"])

    def test_a_reading_is_heard_and_nothing_is_missed_over_a_break(self):
        stream = self.stream()
        stream.next("tick")
        self.report(100)
        first, reading = stream.next("reading")
        self.assertEqual(reading["device_id"], self.device_id)
        stream.close()
        self.report(101)
        again, reading = self.stream(last_event_id=first).next("reading")
        self.assertGreater(int(again), int(first))
        self.assertEqual(reading["device_id"], self.device_id)

    def test_a_listener_from_another_time_is_told_to_start_anew(self):
        self.assertEqual(self.stream(last_event_id="999999999").next("resync")[1], {})

    def test_strangers_hear_nothing(self):
        cookie, self.house.cookie = self.house.cookie, None
        self.house.call("GET", "/live", expect=401)
        self.house.cookie = cookie

    def test_the_server_stops_while_somebody_listens(self):
        stream = self.stream()
        stream.next("tick")
        self.assertEqual(self.house.stop(), 0)
        self.house.start()
        self.house.sign_in()
        type(self).device.close()
        type(self).device = Device(self.house.coap_port, 863330000000001)
        self.device.register()


if __name__ == "__main__":
    unittest.main()
