"""How long the console's questions take over a large archive: the real program over HTTP, one question after the other.

usage: query_bench.py PROGRAM CITY_STORE [METERS [DAYS]] [--data FOLDER] [--keep] [--slow MS]

The archive is that of city_store; --data takes an installation that is there already (its password file beside its data).
Every group of questions is asked by an administrator of the whole company, and again by a person who may see one estate. Each is
printed with its aim, in time on the wall; on a machine that does other work too, the processor time of the server says more.
"""
import argparse
import http.client
import os
import sqlite3
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../tests/flows"))

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}
VIEWER = ("estate-viewer", "a-long-viewer-password")
# What a person waits for at most, ms: (share of the questions, limit)
AIMS = {"search, exact": (0.95, 300), "search, piece": (0.95, 1000), "lists": (1.0, 1000), "lists, filtered": (1.0, 2000),
        "lists, rare": (1.0, 2000), "one meter": (1.0, 1000), "whole": (1.0, 1000), "books": (1.0, 5000), "areas": (1.0, 1000)}
STEP = 7919  # a prime: which of the archive's rows the questions are about


def arguments_read():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("city_store")
    parser.add_argument("meters", nargs="?", type=int, default=20000)
    parser.add_argument("days", nargs="?", type=int, default=3)
    parser.add_argument("--data", help="folder of an installation: FOLDER/data and FOLDER/password")
    parser.add_argument("--keep", action="store_true", help="leave the installation where it is")
    parser.add_argument("--slow", type=float, default=100.0, help="name questions that take the processor longer, ms")
    return parser.parse_args()


class Archive:
    """What the questions are about, read from the store."""

    def __init__(self, path):
        self.base = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        self.count = self.one("SELECT max(device_id) FROM device")
        self.estate = self.one("SELECT area_id FROM area WHERE kind = 'estate' ORDER BY area_id LIMIT 1")
        self.building = self.one("SELECT area_id FROM area WHERE kind = 'building' ORDER BY area_id LIMIT 1")
        self.district = self.one("SELECT area_id FROM area WHERE kind = 'district' ORDER BY area_id LIMIT 1")

    def one(self, text, *values):
        return self.base.execute(text, values).fetchone()[0]

    def some(self, text, count, limit=0):
        """Column of rows ? at evenly scattered identifiers up to `limit`."""
        limit = limit or self.count
        return [self.one(text, 1 + n * STEP * 31 % limit) for n in range(count)]


def search_exact(archive, limit):
    number = archive.some("SELECT meter_number FROM device WHERE device_id = ?", 20, limit)
    imei = archive.some("SELECT printf('%015d', imei) FROM device WHERE device_id = ?", 10, limit)
    customer = archive.some("SELECT number FROM customer WHERE customer_id = ?", 20, limit)
    phone = archive.some("SELECT phones FROM customer WHERE customer_id = ?", 10, limit)
    return number + imei + customer + phone


def search_fuzzy(archive, limit):
    number = archive.some("SELECT meter_number FROM device WHERE device_id = ?", 60, limit)
    name = archive.some("SELECT name FROM customer WHERE customer_id = ?", 40, limit)
    initials = archive.some("SELECT name_initials FROM customer WHERE customer_id = ?", 20, limit)
    place = archive.some("SELECT p.name || ' ' || a.name || ' ' || d.room FROM device d JOIN area a USING (area_id)"
                         " JOIN area p ON p.area_id = a.parent_area_id WHERE device_id = ?", 20, limit)
    return ([text[-4:] for text in number[:15]] + [text[-7:] for text in number[15:25]] + [text[3:8] for text in number[25:35]]
            + [text[:5] for text in number[35:45]] + name[:15] + [text[:2] for text in name[15:25]] + [text[1:] for text in name[25:35]]
            + initials + place[:8] + [text.split(" ", 1)[1].replace(" ", "") for text in place[8:16]] + [text[2:5] for text in place[16:]]
            + ["王", "12", "00", "花园", "000", "99999999", "\"", "%", "_%_", "'; --", "😀", "1", "a b c d e f"])


def pages(archive, path, deep=True):
    """The first page, one in the middle, the last ones."""
    between = "&" if "?" in path else "?"
    yield path
    if deep:
        for part in (0.3, 0.7, 0.99):
            yield "%s%scursor=%d" % (path, between, int(archive.count * part))


def lists(archive):
    paths = []
    for status in ("cut", "fault", "alarm", "silent", "normal"):
        paths += pages(archive, "/devices?status=" + status)
    for path in ("/devices", "/devices?limit=100", "/devices?kind=cold_water", "/customers", "/accounts",
                 "/accounts?payment_mode=postpaid", "/events", "/events?open=true", "/events?severity=2"):
        paths += pages(archive, path)
    for path in ("/arrears", "/bills", "/payments", "/commands", "/set-aside", "/areas"):
        paths.append(path)
    return paths


def lists_rare(archive):
    """Filters of what is rare, or not there at all."""
    return ["/devices?kind=heat", "/devices?kind=cold_water&status=fault", "/accounts?stage=cut", "/accounts?payment_mode=prepaid_meter",
            "/accounts?customer_id=%d" % archive.some("SELECT ?", 1)[0], "/arrears?stage=cut", "/events?kind=nothing", "/events?open=true&kind=battery",
            "/events?open=true&severity=2", "/commands?state=failed", "/bills?state=issued", "/set-aside?open=true",
            "/devices?area_id=%d&status=fault" % archive.district, "/devices?area_id=%d&kind=heat" % archive.district,
            "/accounts?area_id=%d" % archive.district, "/customers?area_id=%d" % archive.district, "/arrears?area_id=%d" % archive.district,
            "/devices?area_id=%d&cursor=%d" % (archive.estate, archive.count // 2)]


def list_filters(archive, limit):
    number = archive.some("SELECT meter_number FROM device WHERE device_id = ?", 10, limit)
    name = archive.some("SELECT name FROM customer WHERE customer_id = ?", 10, limit)
    words = [text[-4:] for text in number[:4]] + [text[2:9] for text in number[4:]] + name + ["000", "花园", "12", "zz"]
    return ["/%s?query=%s" % (kind, urllib.parse.quote(word)) for kind in ("devices", "customers", "cash-desk/find") for word in words]


def areas(archive):
    paths = []
    for area in (archive.district, archive.estate, archive.building, archive.district + 1, archive.estate + 3, archive.building + 100):
        paths += ["/devices?area_id=%d" % area, "/board?area_id=%d" % area, "/usage?area_id=%d" % area,
                  "/usage?area_id=%d&step=month" % area, "/completeness?area_id=%d" % area, "/overview?area_id=%d" % area,
                  "/overview/trend?area_id=%d" % area, "/completeness?area_id=%d&group=building" % area]
    return paths


def meters(archive, limit):
    today = time.time() + 28800
    day = lambda back: time.strftime("%Y-%m-%d", time.gmtime(today - back * 86400))
    paths = []
    for device in archive.some("SELECT ?", 8, limit):
        paths += ["/devices/%d" % device, "/devices/%d/usage?from=%s&to=%s" % (device, day(30), day(0)),
                  "/devices/%d/usage?step=month&from=%s&to=%s" % (device, day(365), day(0)),
                  "/reports/usage?granularity=month&device_ids=%d&from=%s&to=%s" % (device, day(3652), day(0)),
                  "/devices/%d/completeness" % device, "/devices/%d/events" % device, "/devices/%d/readings" % device]
    return paths


def whole(archive):
    return ["/overview", "/overview/trend", "/board", "/usage", "/usage?step=month", "/completeness", "/completeness?days=7",
            "/completeness?group=building", "/completeness?group=building&days=31", "/events?open=true&acknowledged=false", "/areas",
            "/reports/usage?granularity=day&limit=20"]


def books(archive):
    return ["/overview/balance", "/ledger/accounts", "/ledger/trial-balance"]


def searches(words):
    return ["/search?query=" + urllib.parse.quote(word) for word in words]


class Asker:
    def __init__(self, house, slow_ms):
        self.house = house
        self.slow_ms = slow_ms
        self.connection = http.client.HTTPConnection("127.0.0.1", house.http_port, timeout=120)
        self.cookie = house.cookie

    def processor_ms(self):
        """What the server's threads have used so far."""
        tasks = "/proc/%d/task" % self.house.process.pid
        total = 0
        for task in os.listdir(tasks):
            with open(os.path.join(tasks, task, "schedstat"), encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e6

    def ask(self, path):
        used = self.processor_ms()
        begin = time.perf_counter()
        self.connection.request("GET", "/api/v1" + path, headers={"Cookie": self.cookie})
        response = self.connection.getresponse()
        size = len(response.read())
        return (time.perf_counter() - begin) * 1000, response.status, size, self.processor_ms() - used

    def group(self, who, kind, paths):
        name = "%s: %s" % (who, kind)
        self.ask("/session")
        answers = [(self.ask(path), path) for path in paths]
        times = sorted(answer[0] for answer, _ in answers)
        used = sorted(answer[3] for answer, _ in answers)
        part = lambda share, list_=times: list_[min(len(list_) - 1, int(len(list_) * share))]
        refused = sum(answer[1] != 200 for answer, _ in answers)
        share, limit = AIMS[kind]
        print("%-24s %3d  aim %s <= %4d ms  %-4s  p50 %6.1f  p95 %6.1f  worst %6.1f ms  processor p50 %5.1f  p95 %5.1f  worst %5.1f ms%s"
              % (name, len(paths), "worst" if share == 1 else "p%d" % (share * 100), limit, "ok" if part(share) <= limit and refused == 0 else "OVER",
                 part(0.5), part(0.95), times[-1], part(0.5, used), part(0.95, used), used[-1], "  REFUSED %d" % refused if refused else ""),
              flush=True)
        for (ms, status, size, processor_ms), path in answers:
            if processor_ms > self.slow_ms or status != 200:
                print("      %8.1f ms  %8.1f ms processor  %d  %8d bytes  %s"
                      % (ms, processor_ms, status, size, urllib.parse.unquote(path)))


def groups_ask(house, archive, who, limit, slow_ms):
    asker = Asker(house, slow_ms)
    groups = [("search, exact", searches(search_exact(archive, limit))), ("search, piece", searches(search_fuzzy(archive, limit))),
              ("lists", lists(archive)), ("lists, filtered", list_filters(archive, limit)), ("one meter", meters(archive, limit)),
              ("whole", whole(archive))]
    if who == "all":
        groups += [("lists, rare", lists_rare(archive)), ("areas", areas(archive)), ("books", books(archive))]
    for kind, paths in groups:
        asker.group(who, kind, paths)


def house_open(arguments):
    from installation import Installation
    if arguments.data:
        house = Installation.__new__(Installation)
        house.folder, house.data = arguments.data, os.path.join(arguments.data, "data")
        house.process = house.cookie = house.csrf = None
        return house
    house = Installation()
    house.start()
    house.sign_in()
    house.call("POST", "/tariffs", {"name": "水价", "effective_day": "2020-01-01", "document": TARIFF}, expect=201)
    house.stop()
    begin = time.monotonic()
    subprocess.run([arguments.city_store, house.data, str(arguments.meters), str(arguments.days)], check=True,
                   stdout=None if arguments.keep else subprocess.DEVNULL)
    print("archive of %d meters, %d days: %.1f s" % (arguments.meters, arguments.days, time.monotonic() - begin))
    return house


def viewer_sign_in(house, archive):
    house.call("POST", "/people", {"login": VIEWER[0], "display_name": "小区", "role": "operator", "language": "zh",
                                   "password": VIEWER[1], "area_id": archive.estate})
    house.sign_in(*VIEWER)


def main():
    arguments = arguments_read()
    os.environ["METERWORKS"] = arguments.program
    house = house_open(arguments)
    try:
        begin = time.monotonic()
        house.start()
        print("served after %.1f s" % (time.monotonic() - begin))
        house.sign_in()
        archive = Archive(os.path.join(house.data, "meterworks.db"))
        print("%d meters, %.0f bytes each in the store" % (archive.count, os.path.getsize(os.path.join(house.data, "meterworks.db")) / archive.count))
        groups_ask(house, archive, "all", 0, arguments.slow)
        viewer_sign_in(house, archive)
        groups_ask(house, archive, "estate", min(2000, archive.count), arguments.slow)
        house.stop()
    finally:
        if arguments.data or arguments.keep:
            if house.process is not None:
                house.kill()
            print("installation: " + house.folder)
        else:
            house.close()


main()
