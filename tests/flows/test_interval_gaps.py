"""Quarter-hours that are missing: known, listed with their reason, fetched from a concentrator that dropped a curve, or given
up; asked again by a person, of a meter behind a concentrator and of one with a radio."""

import datetime
import struct
import time
import unittest

import concentrator_peer
import reading_peer
from coap_device import BAD_REQUEST, CHANGED, Device, Report, cbor
from installation import Installation
from line_peer import LinePeer
from test_intervals import DAY_S, day_text, last_midnight, packed
from waiting import NEAR_S, ZONE_S, midnight_await, until

CURVE_F, DAILY_F = 101, 161
HOURS = 24
BEGUN_S = last_midnight() - 40 * DAY_S
DUE_S = 3600  # a day is asked for so long after its end


def due_midnight():
    """The midnight that ends the newest day that is due; a day that is about to become due is awaited."""
    left_s = DAY_S - (time.time() + ZONE_S - DUE_S) % DAY_S
    if left_s < NEAR_S:
        time.sleep(left_s)
    return int(time.time() + ZONE_S - DUE_S) // DAY_S * DAY_S - ZONE_S


def register(time_s):
    """0.01 kWh: 1 kWh an hour since the meter was hung."""
    return (time_s - BEGUN_S) // 3600 * 100


def time_of(mark):
    """Minute, hour, day, month, year in BCD as an instant."""
    minute, hour, day, month, year = (byte // 16 * 10 + byte % 16 for byte in mark)
    return int(datetime.datetime(2000 + year, month, day, hour, minute, tzinfo=datetime.timezone.utc).timestamp()) - ZONE_S


class CurveConcentrator(reading_peer.Concentrator):
    """Has the midnights and hourly curves of its points, but for the hours of days in `dropped`."""

    def __init__(self, port, terminal):
        self.dropped = {}  # midnight at which a day begins: its hours that are not there
        self.curves = []   # (point, midnight) of each request, as they came
        super().__init__(port, terminal, {})

    def answer(self, peer, user):
        afn, sequence, units = user[6], user[7], user[8:]
        if afn == 0:
            return
        answers = b""
        if afn == 0x0D and units[2:4] == reading_peer.function_id(CURVE_F):
            answers = b"".join(self.curve(*row) for row in reading_peer.points_of(units, 7))
        elif afn == 0x0D:
            answers = b"".join(self.midnight(*row) for row in reading_peer.points_of(units, 3) if row[1] == DAILY_F)
        if answers:
            peer.sendall(reading_peer.frame(0x88, self.address, afn, sequence, answers))
        else:
            peer.sendall(reading_peer.frame(0x89, self.address, 0, sequence, b"\0\0\2\0"))

    def midnight(self, point, function, mark):
        time_s = time_of(b"\0\0" + mark) + DAY_S
        stamp = local_stamp(time_s)
        return (reading_peer.point_id(point) + reading_peer.function_id(function) + mark + stamp + b"\0"
                + reading_peer.bcd(register(time_s) * 100, 5))

    def curve(self, point, function, mark):
        start_s, count = time_of(mark[:5]), mark[6]
        self.curves.append((point, start_s - 3600))
        missing = self.dropped.get(start_s - 3600, ())
        hours = [reading_peer.bcd(register(start_s + hour * 3600), 4) if hour not in missing else b"\xee" * 4
                 for hour in range(count)]
        if len(missing) == HOURS:
            return b""
        return reading_peer.point_id(point) + reading_peer.function_id(function) + mark + b"".join(hours)


def local_stamp(time_s):
    """Minute, hour, day, month, year in BCD."""
    local = datetime.datetime.fromtimestamp(time_s, datetime.timezone(datetime.timedelta(seconds=ZONE_S)))
    return bytes(int(local.strftime(part), 16) for part in ("%M", "%H", "%d", "%m", "%y"))


class LoadMeter(concentrator_peer.Meter):
    """A DL/T 645-2007 meter that records its energies by the hour (class 4), but for the hours that it lost."""

    def __init__(self, address):
        super().__init__(address)
        self.lost = set()   # instants
        self.portions = []  # (first instant, blocks) of each question

    def read(self, data):
        if data[:4] != b"\x01\x00\x04\x06" or len(data) != 10:
            return super().read(data)
        start_s, count = time_of(data[5:10]), data[4]
        self.portions.append((start_s, count))
        blocks = [self.block(start_s + hour * 3600) for hour in range(count) if start_s + hour * 3600 not in self.lost]
        return (0x91, data[:4] + b"".join(blocks)) if blocks else (0xD1, b"\x02")

    def block(self, time_s):
        content = local_stamp(time_s) + b"\xaa" * 3 + concentrator_peer.bcd(register(time_s), 4) + bytes(12) + b"\xaa" * 3
        head = bytes([0xA0, 0xA0, len(content) + 2]) + content
        return head + bytes([sum(head) & 255, 0xE5])


class IntervalGapsTest(unittest.TestCase):
    def setUp(self):
        midnight_await()
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.building = self.house.add_building()
        self.today = due_midnight()

    def day(self, back):
        return day_text(self.today - back * DAY_S)

    def missing(self, back, **query):
        text = "".join("&%s=%s" % pair for pair in query.items())
        return self.house.call("GET", "/completeness/missing-intervals?day=%s%s" % (self.day(back), text), expect=200)["items"]

    def shown(self, device_id, back):
        text = "/devices/%d/intervals?from=%s&to=%s" % (device_id, self.day(back), self.day(back))
        return self.house.call("GET", text, expect=200)["items"][0]

    def task_ended(self, task_id):
        return until(lambda: self.house.call("GET", "/reading-tasks/%d" % task_id), lambda row: row["state"] != "open")

    def ask(self, device_id, back):
        body = {"what": "interval", "date": self.day(back)}
        return self.house.call("POST", "/devices/%d/read" % device_id, body, expect=201)["task_id"]

    def electricity(self, line, point):
        body = {"area_id": self.building, "parent_device_id": line, "meter_number": "2026%08d" % point,
                "measurement_point": point, "kind": "electricity", "start_register_value": 0,
                "installed_s": BEGUN_S}
        return self.house.call("POST", "/devices", body, expect=201)["device_id"]

    def concentrator(self):
        line = self.house.call("POST", "/concentrators", {"area_id": self.building, "address": "440300001"},
                               expect=201)["device_id"]
        meters = [self.electricity(line, point) for point in (1, 2)]
        peer = CurveConcentrator(self.house.lines_port, 1)
        self.addCleanup(peer.close)
        return meters, peer

    def test_a_dropped_curve_is_fetched_and_what_is_nowhere_is_given_up(self):
        meters, peer = self.concentrator()
        nowhere, holes, late = (self.today - back * DAY_S for back in (2, 3, 4))
        peer.dropped = {nowhere: range(HOURS), holes: (7, 8, 9)}
        # The first day that a meter tells makes it one that records: what lies between is owed from then on.
        self.assertEqual(self.task_ended(self.ask(meters[0], 6))["done"], 1)
        # A meter shows why its last question came to nothing; while the second day is asked that is the concentrator's reason.
        given_up = until(lambda: [row for row in self.missing(2) + self.missing(3) if row["reason"] == "given_up"],
                         lambda rows: [row["problem"] for row in rows] == ["denied", "denied"])
        self.assertEqual([(row["device_id"], row["missing"], row["expected"], row["problem"]) for row in given_up],
                         [(meters[0], 24, 24, "denied"), (meters[0], 3, 24, "denied")])  # by the meter, asked through it
        for back in (1, 4, 5):
            until(lambda: self.missing(back), lambda rows: rows == [])
            self.assertEqual(self.shown(meters[0], back)["missing"], 0)
        self.assertFalse(self.shown(meters[0], 2)["known"])
        day = self.shown(meters[0], 3)
        self.assertEqual((day["missing"], [item["quality"] for item in day["items"]].count("gap")), (3, 96 - 21))
        # The other meter never told one, and is asked for none.
        self.assertEqual({point for point, midnight in peer.curves}, {1})
        self.assertEqual(peer.curves.count((1, late)), 1)
        # It turns up after all, and a person asks.
        peer.dropped = {}
        self.assertEqual(self.task_ended(self.ask(meters[0], 2))["done"], 1)
        self.assertEqual((self.missing(2), self.shown(meters[0], 2)["missing"]), ([], 0))
        again = self.house.call("POST", "/completeness/reread", {"what": "interval", "from_day": self.day(5), "to_day": self.day(1)},
                                expect=201)
        self.task_ended(again["task_id"])
        self.assertEqual((self.missing(3), again["total"]), ([], 1))
        self.house.call("POST", "/devices/%d/read" % meters[0], {"what": "interval", "date": day_text(last_midnight())}, expect=422)

    def test_yesterday_gets_its_time_and_outlives_a_restart(self):
        meters, peer = self.concentrator()
        peer.dropped = {self.today - DAY_S: range(HOURS)}
        self.task_ended(self.ask(meters[0], 3))
        late = until(lambda: self.missing(1, reason="failed"))[0]
        self.assertEqual((late["device_id"], late["problem"]), (meters[0], "denied"))
        until(lambda: self.missing(2), lambda rows: rows == [])  # which did not wait for yesterday
        self.house.kill()
        peer.close()
        self.house.start()
        self.house.sign_in()
        self.assertEqual(self.missing(1)[0]["reason"], "line_offline")
        peer = CurveConcentrator(self.house.lines_port, 1)
        self.addCleanup(peer.close)
        until(lambda: self.missing(1), lambda rows: rows == [])
        self.assertEqual(peer.curves, [(1, self.today - DAY_S)])

    def test_the_load_record_of_a_meter_on_a_line_is_read_in_portions(self):
        meter = LoadMeter(202600000009)
        peer = LinePeer(meter)
        self.addCleanup(peer.close)
        line = self.house.call("POST", "/concentrators", {"area_id": self.building, "address": "127.0.0.1:%d" % peer.port,
                                                          "kind": "tcp", "baud": 38400}, expect=201)["device_id"]
        device_id = self.house.call("POST", "/devices", {
            "area_id": self.building, "parent_device_id": line, "kind": "electricity", "start_register_value": 0,
            "profile": "dlt645-2007-three-phase-ct-pt", "meter_number": "202600000009", "installed_s": BEGUN_S}, expect=201)["device_id"]
        until(lambda: self.house.call("GET", "/concentrators/%d" % line), lambda row: row["connected"])
        whole, holes = (self.today - back * DAY_S for back in (3, 2))
        meter.lost = {holes + 8 * 3600, holes + 9 * 3600}
        self.assertEqual(self.task_ended(self.ask(device_id, 3))["done"], 1)
        day = self.shown(device_id, 3)
        self.assertEqual((day["missing"], day["period_min"]), (0, 60))
        self.assertEqual([item["register_value"] for item in day["items"]][3::4],
                         [register(whole + hour * 3600) * 10000 for hour in range(1, HOURS + 1)])
        asked = [portion for portion in meter.portions if whole < portion[0] <= whole + DAY_S]
        self.assertEqual(asked, [(whole + (1 + 6 * part) * 3600, 6) for part in range(4)])
        # What it lost is not there: a gap, and never a zero.
        self.assertEqual(self.task_ended(self.ask(device_id, 2))["failed"], 1)
        day = self.shown(device_id, 2)
        self.assertEqual(day["missing"], 2)
        hour = day["items"][31]
        self.assertEqual((hour["register_value"], hour["quality"], hour["mark"]), (None, "gap", "estimated"))

    def radio(self, number):
        imei = 860000000710000 + number
        device_id = self.house.add_device(self.building, imei, "%012d" % (710000 + number),
                                          installed_s=int(time.time()) - 30 * DAY_S)
        device = Device(self.house.coap_port, imei)
        self.addCleanup(device.close)
        device.register()
        return device_id, device

    def tell(self, device, back, litres=None):
        begin = self.today - back * DAY_S
        litres = litres or [10000 - back * 480 + 5 * (quarter + 1) for quarter in range(96)]
        self.assertEqual(device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(begin + 900, litres)}])).code, CHANGED)

    def report(self, device, volume_l):
        report = Report(time_s=int(time.time()), volume_l=volume_l, midnight_s=self.today, history_l=[10000])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)

    def window(self, device, answers, asked):
        """The meter reports, and answers what it is asked then: `answers` has a code and what it tells by days back."""
        self.report(device, 12000 + len(asked))
        try:
            while True:
                heard = device.wait_request(timeout_s=1)
                self.assertEqual(heard.path, "/33424/0/22")
                back = (self.today - int(heard.payload.decode().split("'")[1])) // DAY_S
                asked.append(back)
                code, tells = answers[back]
                device.answer(heard, code)
                if tells:
                    self.tell(device, back)
        except TimeoutError:
            pass  # nothing more in this window

    def test_a_radio_is_asked_in_its_window_for_the_day_it_did_not_tell(self):
        self.today = last_midnight()
        device_id, device = self.radio(1)
        self.report(device, 11999)
        self.tell(device, 6)
        self.tell(device, 5)
        self.assertEqual([row["reason"] for row in self.missing(4)], ["waiting"])
        self.assertEqual(self.missing(1)[0]["reason"], "not_due")
        asked = []
        answers = {2: (CHANGED, True), 3: (BAD_REQUEST, False), 4: (CHANGED, True)}
        until(lambda: self.window(device, answers, asked) or self.missing(4) + self.missing(3, reason="waiting"),
              lambda rows: rows == [])
        # The newest first; on a slow machine a question may come twice.
        self.assertEqual(sorted(set(asked), key=asked.index), [2, 3, 4])
        self.assertEqual([self.missing(back) for back in (2, 4)], [[], []])
        self.assertEqual([(row["device_id"], row["reason"], row["problem"]) for row in self.missing(3)],
                         [(device_id, "given_up", "refused")])


if __name__ == "__main__":
    unittest.main()
