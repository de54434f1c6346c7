#!/usr/bin/env python3
"""Beside others, on this machine and in one run: the gate beside libcoap's server, which reads none of what it is sent; a day of
quarter-hours in this program's store beside a row a value in SQLite and PostgreSQL, beside InfluxDB and VictoriaMetrics.

usage: peers_bench.py GATE_BENCH INTERVAL_BENCH WIRE_PEER ROW_PEERS [METERS [DAYS]]
Run by `make bench BENCH=peers` below tests/store/postgres_run --durable. Peers are Debian's packages libcoap3-bin, influxdb and
victoria-metrics (`tools/install_packages peers`); one that is not there is named and left out.

Processor time, kernel included: of the server, and where the row says so of the client's library too; other work on the machine
changes it little. `ratio` is a peer's figure through ours."""
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from os import environ, sysconf

GATE_BENCH, INTERVAL_BENCH, WIRE_PEER, ROW_PEERS = sys.argv[1:5]
METERS, DAYS = [int(word) for word in sys.argv[5:7]] or [4000, 3]
VALUES = METERS * DAYS * 96
TICKS_S = sysconf("SC_CLK_TCK")
POST_LIMIT = 1 << 20
GIVEN_UP_S = 60

INFLUX = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
cache-snapshot-write-cold-duration = "1s"
compact-full-write-cold-duration = "1s"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
[logging]
level = "error"
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def processor_s(process):
    words = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICKS_S


def said(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def until(done, what):
    end_s = time.monotonic() + GIVEN_UP_S
    while not done():
        if time.monotonic() > end_s:
            raise TimeoutError(f"{what} took more than {GIVEN_UP_S} s")
        time.sleep(0.1)


def call(port, path, body=b""):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=body or None, timeout=GIVEN_UP_S) as answer:
        return answer.read()


def answers(port, path):
    try:
        call(port, path)
        return True
    except OSError:
        return False


class Server:
    """A peer in a folder of its own, gone afterwards."""

    def __init__(self, folder, *words):
        self.process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self.process

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def bytes_below(folder):
    return sum(int(line.split()[0]) for line in said("du", "-sk", str(folder)).splitlines()) * 1024


def parts_post(port, path, form):
    """The text of row_peers in parts of whole lines."""
    source = subprocess.Popen([ROW_PEERS, form, str(METERS), str(DAYS)], stdout=subprocess.PIPE)
    part = bytearray()
    for line in source.stdout:
        part += line
        if len(part) > POST_LIMIT:
            call(port, path, bytes(part))
            part.clear()
    if part:
        call(port, path, bytes(part))
    if source.wait() != 0:
        raise RuntimeError("row_peers failed")


def victoria(folder):
    port = free_port()
    words = ("-storageDataPath", f"{folder}/data", "-httpListenAddr", f"127.0.0.1:{port}", "-retentionPeriod", "100y")
    with Server(folder, shutil.which("victoria-metrics"), *words) as process:
        until(lambda: answers(port, "/health"), "VictoriaMetrics")
        before_s = processor_s(process)
        parts_post(port, "/api/v1/import", "victoria")
        call(port, "/internal/force_flush")
        used_s = processor_s(process) - before_s
        call(port, "/internal/force_merge")
        found = int(re.search(rb'"(\d+)"\]', call(port, "/api/v1/query?query=sum(count_over_time(volume_ml[30d]))")).group(1))
        if found != VALUES:
            raise RuntimeError(f"VictoriaMetrics has {found} values of {VALUES}")
        return used_s, bytes_below(f"{folder}/data")


def influx(folder):
    port = free_port()
    config = pathlib.Path(folder, "influxdb.conf")
    config.write_text(INFLUX.format(folder=folder, port=port, rpc=free_port()), encoding="ascii")
    with Server(folder, shutil.which("influxd"), "-config", str(config)) as process:
        until(lambda: answers(port, "/ping"), "InfluxDB")
        call(port, "/query?q=CREATE+DATABASE+bench", b" ")
        before_s = processor_s(process)
        parts_post(port, "/write?db=bench&precision=s", "influx")
        used_s = processor_s(process) - before_s
        until(lambda: not any(file.stat().st_size for file in pathlib.Path(folder, "wal").rglob("*.wal")), "InfluxDB's log")
        found = int(re.search(rb",(\d+)\]\]", call(port, "/query?db=bench&q=SELECT+count(volume_ml)+FROM+reading")).group(1))
        if found != VALUES:
            raise RuntimeError(f"InfluxDB has {found} values of {VALUES}")
        return used_s, bytes_below(f"{folder}/data")


def sqlite(folder):
    ours_s, _, size = said(ROW_PEERS, "sqlite", f"{folder}/rows.db", str(METERS), str(DAYS)).split()
    return float(ours_s), int(size)


def postgres(_):
    ours_s, servers_s, size = said(ROW_PEERS, "postgres", environ["METERWORKS_TEST_STORE"], str(METERS), str(DAYS)).split()
    return float(ours_s) + float(servers_s), int(size)


def ours_at_rest(folder):
    text = said(INTERVAL_BENCH, str(METERS), folder)
    day_us = float(re.search(r"^durable +([\d.]+) us", text, re.MULTILINE).group(1))
    value_bytes = float(re.search(r"^disk +([\d.]+) bytes", text, re.MULTILINE).group(1))
    return day_us * METERS * DAYS / 1e6, value_bytes * VALUES


PEERS_AT_REST = (("a row a value in SQLite, durable; client and library", None, sqlite),
                 ("a row a value in PostgreSQL, binary COPY, durable; with libpq", None, postgres),
                 ("InfluxDB, durable; packed once its log is empty", "influxd", influx),
                 ("VictoriaMetrics; on the disk within a second, not before", "victoria-metrics", victoria))


def rest_print():
    print(f"{METERS} meters, {DAYS} days of 96 quarter-hours: {VALUES} values\n")
    print(f"  {'':64} {'us a value':>10} {'ratio':>7} {'bytes':>7} {'ratio':>7}")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        seconds, size = ours_at_rest(folder)
    own = (seconds / VALUES * 1e6, size / VALUES)
    print(f"  {'this program: judged, in a block a day, with frame and state':64} {own[0]:10.3f} {1:7.2f} {own[1]:7.2f} {1:7.2f}", flush=True)
    for name, program, measure in PEERS_AT_REST:
        if program and not shutil.which(program):
            print(f"  {name}: {program} is not installed, left out")
            continue
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            seconds, size = measure(folder)
        each_us, each_bytes = seconds / VALUES * 1e6, size / VALUES
        print(f"  {name:64} {each_us:10.3f} {each_us / own[0]:7.2f} {each_bytes:7.2f} {each_bytes / own[1]:7.2f}", flush=True)


def libcoap(meters, seconds):
    port = free_port()
    words = (shutil.which("coap-server-notls"), "-A", "127.0.0.1", "-p", str(port), "-d", "10", "-v", "0")
    with tempfile.TemporaryDirectory() as folder, Server(folder, *words) as process:
        until(lambda: f"{port:04X} " in pathlib.Path("/proc/net/udp").read_text(encoding="ascii"), "coap-server")
        before_s = processor_s(process)
        rate, _, count = said(WIRE_PEER, str(port), str(meters), str(seconds)).split()
        return float(rate), (processor_s(process) - before_s) / int(count) * 1e6


def gate(meters, seconds):
    text = said(GATE_BENCH, "--devices", str(meters), "--seconds", str(seconds))
    rate = re.search(r"^  reports +(\d+) /s", text, re.MULTILINE).group(1)
    return float(rate), float(re.search(r"gate ([\d.]+) us", text).group(1))


def wire_print(meters=100, seconds=5):
    print(f"daily reports of eight volumes from {meters} addresses over plain CoAP, nothing stored\n")
    print(f"  {'':64} {'us a report':>11} {'ratio':>7} {'reports/s':>10}")
    rate, own_us = gate(meters, seconds)
    print(f"  {'this program’s gate: repeats found, read to 22 values, handed over':64} {own_us:11.1f} {1:7.2f} {rate:10.0f}", flush=True)
    if not shutil.which("coap-server-notls"):
        print("  libcoap's coap-server: not installed, left out\n")
        return
    rate, each_us = libcoap(meters, seconds)
    print(f"  {'libcoap’s coap-server: bytes kept as they are':64} {each_us:11.1f} {each_us / own_us:7.2f} {rate:10.0f}\n", flush=True)


if __name__ == "__main__":
    wire_print()
    rest_print()
