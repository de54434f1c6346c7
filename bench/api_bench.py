#!/usr/bin/env python3
"""Questions and changes through an api of its own against the same straight at the core: processor time of each process a
request, and requests a second of the wall.

usage: api_bench.py METERWORKS [REQUESTS]

One connection that is kept, one request after the other, both on this machine, in turns so that both meet the same load. With
METERWORKS_TEST_STORE (tests/store/postgres_run) the database is a server, else a file."""
import http.client
import json
import os
import pathlib
import sys
import time

os.environ["METERWORKS"] = os.path.abspath(sys.argv[1])
REQUESTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "flows"))
from installation import Installation  # noqa: E402
from machines import ApiProcess  # noqa: E402

METERS = 300
TURNS = 4
QUESTIONS = (("session", "/session"), ("one meter", "/devices/1"), ("page of 50 meters", "/devices"), ("overview", "/overview"))


def processor_us(process):
    """What all its threads have used so far; none of them ends meanwhile."""
    folder = "/proc/%d/task/" % process.pid
    used_ns = 0
    for thread in os.listdir(folder):
        with open(folder + thread + "/schedstat", encoding="ascii") as file:
            used_ns += int(file.read().split()[0])
    return used_ns // 1000


class Way:
    """Where is asked, and whose time that takes."""

    def __init__(self, house, processes):
        self.house, self.processes = house, processes
        self.connection = http.client.HTTPConnection("127.0.0.1", house.http_port)

    def ask(self, method, path, body, count):
        headers = {"Cookie": self.house.cookie, "X-CSRF-Token": self.house.csrf, "Content-Type": "application/json"}
        before, begun = [processor_us(each) for each in self.processes], time.monotonic()
        for _ in range(count):
            self.connection.request(method, "/api/v1" + path, body, headers)
            response = self.connection.getresponse()
            response.read()
            if response.status >= 400:
                raise SystemExit("%s: %d" % (path, response.status))
        return time.monotonic() - begun, [processor_us(each) - was for each, was in zip(self.processes, before)]


def measure(ways, method, path, body=None):
    sums = [[0.0, [0] * len(way.processes)] for way in ways]
    for _ in range(TURNS):
        for way, each in zip(ways, sums):
            took, used = way.ask(method, path, body, REQUESTS // TURNS)
            each[0] += took
            each[1] = [a + b for a, b in zip(each[1], used)]
    count = REQUESTS // TURNS * TURNS
    return [(count / took, [us / count for us in used]) for took, used in sums]


def main():
    house = Installation().start("--api-listen", "127.0.0.1:0")
    api = ApiProcess(house, "hall", [int(house.process.stdout.readline().split()[1])]).start()
    house.sign_in()
    area = house.add_building()
    for number in range(METERS):
        house.add_device(area, 863330000000000 + number, "%012d" % number)
    api.linked_await()
    api.cookie, api.csrf = house.cookie, house.csrf
    ways = [Way(house, [house.process]), Way(api, [api.process, house.process])]
    setting = json.dumps({"value": "30"})
    print("%-24s %28s %42s" % ("", "at the core: requests/s, us", "at the api: requests/s, us api, us core"))
    for name, method, path, body in [(name, "GET", path, None) for name, path in QUESTIONS] + [
            ("a change", "PUT", "/settings/bill_due_days", setting)]:
        (rate, (core,)), (far_rate, (near, far)) = measure(ways, method, path, body)
        print("%-24s %16.0f %11.0f %24.0f %8.0f %8.0f" % (name, rate, core, far_rate, near, far))
    api.close()
    house.close()


main()
