#!/usr/bin/env python3
"""Reports a second through a gate in a process of its own, with one core and with two, each over a file: and the processor time of
a report by process, which is what tells on a machine with fewer processors than processes.

usage: shards_bench.py METERWORKS SHARD_LOAD [METERS [SECONDS]]

The same meters both times: all in one district, or half of them in each of two. Every report is committed before its answer."""
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, LOAD = (os.path.abspath(word) for word in sys.argv[1:3])
METERS = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
SECONDS = float(sys.argv[4]) if len(sys.argv) > 4 else 10
os.environ["METERWORKS"] = PROGRAM
tempfile.tempdir = "/var/tmp"  # /tmp may be memory: durable means a disk
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "flows"))
from installation import Installation  # noqa: E402
from machines import GateProcess  # noqa: E402

IMEI_FIRST = 350000000000000
TICKS_S = os.sysconf("SC_CLK_TCK")


def processor_s(process):
    with open("/proc/%d/stat" % process.pid, encoding="ascii") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICKS_S


def meters_enter(house, first, count):
    building = house.add_building()
    for number in range(first, first + count):
        house.add_device(building, IMEI_FIRST + number, "%012d" % number)


def core_start(shard, beside, first, count):
    house = Installation(shard=shard, beside=beside)
    house.start("--gate-listen", "127.0.0.1:0")
    port = int(house.process.stdout.readline().split()[1])
    house.sign_in()
    meters_enter(house, first, count)
    return house, port


def measure(cores):
    houses, ports, share = [], {}, METERS // cores
    for shard in range(cores):
        house, ports[shard] = core_start(shard, houses[0] if houses else None, shard * share, share)
        houses.append(house)
    gate = GateProcess(houses[0], "gate", {shard: [port] for shard, port in ports.items()}).start().await_ports()
    load = subprocess.Popen([LOAD, str(gate.coap_port), str(IMEI_FIRST), str(share * cores), str(SECONDS)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    load.stdout.readline()
    processes = {"gate": gate.process, **{"core %d" % shard: house.process for shard, house in enumerate(houses)}}
    before = {name: processor_s(process) for name, process in processes.items()}
    said, _ = load.communicate("go\n")
    used = {name: processor_s(process) - before[name] for name, process in processes.items()}
    answered, repeated, refused, seconds, own = (float(word) for word in said.split())
    print("%d core%s: %6.0f reports/s (%d answered in %.1f s, repeated %d, refused %d)"
          % (cores, "s" if cores > 1 else " ", answered / seconds, answered, seconds, repeated, refused))
    parts = ["%s %.1f us" % (name, time_s / answered * 1e6) for name, time_s in used.items()]
    print("   processor time of a report: %s, all cores %.1f us; generator %.1f us"
          % (", ".join(parts), sum(used[name] for name in used if name != "gate") / answered * 1e6, own / answered * 1e6))
    gate.close()
    for house in houses:
        house.close()


print("%d meters, plain CoAP, gate and cores as processes, each core over a file" % METERS)
for number in (1, 2):
    measure(number)
