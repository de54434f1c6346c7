#!/usr/bin/env python3
"""A month of hourly values of many meters as an Excel workbook: time to the first byte, rows a second, memory.

usage: usage_report_bench.py METERWORKS [METERS [DAYS]]

The program serves a store that was filled beforehand; the workbook is read over HTTP and counted, not kept."""
import http.client
import json
import os
import pathlib
import random
import sqlite3
import sys
import time

PROGRAM = os.path.abspath(sys.argv[1])
METERS = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
DAYS = int(sys.argv[3]) if len(sys.argv) > 3 else 30
os.environ["METERWORKS"] = PROGRAM
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "flows"))
from installation import Installation  # noqa: E402

DAY_S = 86400
ZONE_S = 28800
ENERGY = 16 << 16  # QUANTITY_ENERGY_ACTIVE_IMPORT
HOURS = DAYS * 24


def last_midnight():
    return (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S


def fill(data, area_id):
    """Electricity meters behind a 30-fold ratio, each with a value of every hour but the midnights, which are daily."""
    chance = random.Random(7)
    begin = last_midnight() - DAYS * DAY_S
    base = sqlite3.connect(os.path.join(data, "meterworks.db"))
    base.executemany(
        "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, kind, multiplier_e3, installed_s,"
        " register_modulus_value, flow_limit_value_per_h) VALUES (?, 1, ?, ?, ?, ?, 'electricity', 30000, ?, 1000000000000,"
        " 66000000)", [(meter, area_id, str(1000 + meter), 860000000000000 + meter, "%012d" % meter, begin - DAY_S)
                       for meter in range(1, METERS + 1)])
    for meter in range(1, METERS + 1):
        value = chance.randrange(1000) * 1000000
        instants, days = [], []
        for hour in range(HOURS + 1):
            at = begin + hour * 3600
            if hour % 24 == 0:
                days.append(((at + ZONE_S) // DAY_S, meter, value, value * 30, 0, at + 600, 30000))
            else:
                instants.append((meter, ENERGY, 0, at, value, 30000, 0, at + 600))
            value += chance.randrange(300) * 10000
        base.executemany("INSERT INTO register_reading VALUES (?, ?, ?, ?, ?, ?, ?, ?)", instants)
        base.executemany("INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s,"
                         " multiplier_e3) VALUES (?, ?, ?, ?, ?, ?, ?)", days)
    base.commit()
    base.close()


def memory_mb(pid, row):
    for line in pathlib.Path("/proc/%d/status" % pid).read_text().splitlines():
        if line.startswith(row):
            return int(line.split()[1]) / 1024
    return 0


def day_text(days_ago):
    return time.strftime("%Y-%m-%d", time.gmtime(last_midnight() + ZONE_S - days_ago * DAY_S))


def fetch(house, path):
    """(seconds to the first byte of the workbook, seconds in all, bytes)"""
    connection = http.client.HTTPConnection("127.0.0.1", house.http_port, timeout=600)
    begin = time.monotonic()
    connection.request("GET", "/api/v1" + path, headers={"Cookie": house.cookie})
    response = connection.getresponse()
    size = len(response.read(1))
    first = time.monotonic() - begin
    if response.status != 200:
        sys.exit(response.read().decode())
    while piece := response.read(1 << 16):
        size += len(piece)
    return first, time.monotonic() - begin, size


def main():
    house = Installation().start()
    try:
        house.sign_in()
        area_id = house.add_building()
        house.kill()
        fill(house.data, area_id)
        house.start()
        house.sign_in()
        path = "/reports/usage?format=xlsx&granularity=hour&from=%s&to=%s" % (day_text(DAYS), day_text(1))
        before = memory_mb(house.process.pid, "VmRSS")
        first, whole, size = fetch(house, path)
        peak = memory_mb(house.process.pid, "VmHWM")
        rows = METERS * HOURS
        print("usage report: %d meters, %d hours, %d rows" % (METERS, HOURS, rows))
        print("first byte of the workbook after %.3f s; whole after %.1f s, %d rows/s, %.1f MB" % (
            first, whole, rows / whole, size / 1e6))
        print("memory of the server: %.1f MB before, %.1f MB at most" % (before, peak))
        print(json.dumps({"first_byte_s": round(first, 3), "rows_per_s": int(rows / whole)}))
    finally:
        house.close()


if __name__ == "__main__":
    main()
