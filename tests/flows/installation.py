"""One installation of the program for a test: its folder, its process, its HTTP interface."""

import http.client
import itertools
import json
import os
import re
import signal
import shutil
import subprocess
import tempfile

from database import database_open
from waiting import PATIENCE_S, midnight_await, until

PROGRAM = os.environ.get("METERWORKS", os.path.join(os.path.dirname(__file__), "../../build/meterworks"))
PASSWORD = "a-long-test-password"
LINES_SAID = 30
SCHEMAS = itertools.count(1)


def store_options():
    """Options of init: an empty schema on the server, when there is one (tests/store/postgres_run); on a cluster the tables are
    there and cut (tests/store/citus_run)."""
    server = os.environ.get("METERWORKS_TEST_STORE")
    if server is None:
        return []
    schema = "%s_flow_%d_%d" % (os.environ.get("METERWORKS_TEST_SCHEMAS", "test"), os.getpid(), next(SCHEMAS))
    subprocess.run(["psql", "-q", "-c", "CREATE SCHEMA " + schema, server], check=True)
    place = "%s&options=-csearch_path%%3D%s" % (server, schema)
    if "METERWORKS_TEST_SHARDS" in os.environ:
        subprocess.run([PROGRAM, "distribute", "--store", place, "--shards", os.environ["METERWORKS_TEST_SHARDS"]],
                       check=True, stdout=subprocess.DEVNULL)
    return ["--store", place]


class Installation:
    living = []  # a test that fails tells what these have said
    prefix = ""  # before every path, where a proxy leads to several districts

    def __init__(self, shard=None, shard_name=None, beside=None):
        """shard       its number, in a city that is divided
        shard_name  what people call it
        beside      another shard of the same city, whose master key this one has"""
        midnight_await()
        self.folder = tempfile.mkdtemp(prefix="meterworks-test-")
        self.data = os.path.join(self.folder, "data")
        self.process = None
        self.cookie = None
        self.csrf = None
        password_file = os.path.join(self.folder, "password")
        with open(password_file, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        if beside is not None:
            os.mkdir(self.data, 0o700)
            shutil.copy(os.path.join(beside.data, "master.key"), self.data)
        subprocess.run([PROGRAM, "init", "--data", self.data, "--tenant", "云榕水务", "--password-file", password_file,
                        *store_options(), *([] if shard is None else ["--shard", str(shard)]),
                        *([] if shard_name is None else ["--shard-name", shard_name])], check=True)
        self.living.append(self)

    def database(self):
        """To look into, or to change, from outside; as a block (database.py)."""
        return database_open(self.data)

    def said(self):
        """The last lines of the program's errors."""
        try:
            with open(os.path.join(self.folder, "errors"), encoding="utf-8", errors="replace") as file:
                return "".join(file.readlines()[-LINES_SAID:])
        except FileNotFoundError:
            return ""

    def start(self, *options):
        self.launch(*options)
        return self.ports_read()

    def launch(self, *options):
        self.errors = open(os.path.join(self.folder, "errors"), "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--http", "127.0.0.1:0", "--coap", "127.0.0.1:0",
             "--coaps", "127.0.0.1:0", "--lines", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def ports_read(self):
        ports = dict(re.match(r"(\w+)\s+(\d+)", self.process.stdout.readline()).groups() for _ in range(4))
        self.http_port, self.coap_port, self.coaps_port, self.lines_port = (
            int(ports[name]) for name in ("http", "coap", "coaps", "lines"))
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        self.process = None

    def stop(self):
        """Ask politely; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=PATIENCE_S)
        self.process.stdout.close()
        self.errors.close()
        self.process = None
        return status

    def close(self):
        if self.process is not None:
            self.kill()
        self.living.remove(self)
        shutil.rmtree(self.folder)

    def call(self, method, path, body=None, expect=None, raw=None, headers=None, patience_s=PATIENCE_S):
        """One request; its decoded JSON (text when it is none)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=patience_s)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.cookie:
            sent["Cookie"] = self.cookie
            sent["X-CSRF-Token"] = self.csrf
        connection.request(method, self.prefix + "/api/v1" + path, raw if raw is not None else json.dumps(body) if body is not None else None, sent)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        self.status, self.headers = response.status, response.headers
        if expect is not None and response.status != expect:
            raise AssertionError("%s %s: %d instead of %d: %s" % (method, path, response.status, expect, text))
        try:
            return json.loads(text)
        except ValueError:
            return text

    def until(self, path, is_so):
        """What a GET of the path answers, once `is_so` holds of it: the program works by itself."""
        return until(lambda: self.call("GET", path, expect=200), is_so)

    def counted(self, name):
        """What a counter of /metrics shows."""
        text = self.call("GET", "/metrics", expect=200)
        return next(int(float(line.split()[-1])) for line in text.splitlines() if name in line and line[0] != "#")

    def sign_in(self, login="admin", password=PASSWORD):
        self.cookie = None
        answer = self.call("POST", "/session", {"login": login, "password": password}, expect=201)
        self.cookie = self.headers["Set-Cookie"].split(";")[0]
        self.csrf = answer["csrf_token"]
        return answer

    def root_area(self):
        return self.call("GET", "/areas", expect=200)["items"][0]["area_id"]

    def add_building(self, name="3栋"):
        estate = self.add_area(self.root_area(), "estate", "榕荫花园" + name)
        return self.add_area(estate, "building", name)

    def add_area(self, parent_area_id, kind, name):
        body = {"parent_area_id": parent_area_id, "kind": kind, "name": name}
        return self.call("POST", "/areas", body, expect=201)["id"]

    def add_device(self, area_id, imei, meter_number, security="plain", **more):
        answer = self.call("POST", "/devices", {"area_id": area_id, "imei": imei, "meter_number": meter_number,
                                                "security": security, "room": "1204", **more})
        if "device_id" not in answer:
            raise AssertionError(answer)
        return answer["device_id"]
