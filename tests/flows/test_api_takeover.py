"""An api beside two cores on one PostgreSQL server, with a user that may only read: whichever core works, it is found, and who
was signed in stays so."""

import glob
import shutil
import signal
import socket
import subprocess
import unittest

from installation import Installation
from machines import ApiProcess, DatabaseServer, house_store, twin
from waiting import PATIENCE_S, until

READER = "meterworks_reader"


@unittest.skipUnless(shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"), "PostgreSQL is not installed")
class ApiTakeoverTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DatabaseServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.first = Installation()
        self.addCleanup(self.first.close)
        self.first.start("--api-listen", "127.0.0.1:0")
        doors = [self.door(self.first), self.free_port()]
        self.second = twin(self.first)
        self.second.launch("--api-listen", "127.0.0.1:%d" % doors[1], "--standby")
        self.addCleanup(self.end, self.second)
        self.assertEqual(self.second.process.stdout.readline(), "standby\n")
        self.api = ApiProcess(self.first, "hall", doors, store=self.store_of_reader()).start()
        self.addCleanup(self.api.close)
        self.api.linked_await()
        self.api.sign_in()
        self.estate = self.api.add_area(self.api.root_area(), "estate", "榕荫花园")

    @staticmethod
    def door(house):
        return int(house.process.stdout.readline().split()[1])

    @staticmethod
    def free_port():
        """For the core that stands by, which listens when it works."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            return listener.getsockname()[1]

    @staticmethod
    def end(house):
        if house.process is not None:
            house.kill()

    def store_of_reader(self):
        """The same database as somebody who may look and nothing else, as docs/several-machines.md makes one."""
        store = house_store(self.first)
        schema = store.rsplit("%3D", 1)[1]
        with self.first.database() as database:
            if database.number("SELECT count(*) FROM pg_roles WHERE rolname = '%s'" % READER) == 0:
                database.execute("CREATE ROLE %s LOGIN" % READER)
            database.execute("GRANT USAGE ON SCHEMA %s TO %s" % (schema, READER))
            database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s" % (schema, READER))
        address = store.replace("user=meterworks", "user=" + READER)
        self.assertIn(READER, address)
        written = subprocess.run(["psql", "-q", "-c", "UPDATE tenant SET name = 'x'", address], capture_output=True, text=True)
        self.assertIn("permission denied", written.stderr)
        return address

    def change(self, name, **more):
        return self.api.call("POST", "/areas", {"parent_area_id": self.estate, "kind": "building", "name": name}, **more)

    def await_second(self):
        self.second.ports_read()
        self.door(self.second)
        self.api.until("/health", lambda health: health["core"] == "linked")
        self.change("2栋", expect=201)
        names = [area["name"] for area in self.api.call("GET", "/areas", expect=200)["items"]]
        self.assertIn("2栋", names)

    def test_the_core_is_killed(self):
        self.first.kill()
        self.api.call("GET", "/areas", expect=200)
        self.await_second()
        self.end_connections()
        until(lambda: self.api.call("GET", "/areas") and self.api.status, lambda status: status == 200)

    def end_connections(self):
        """Those of the api to the database: they are made anew."""
        with self.first.database() as database:
            ended = database.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '%s'" % READER)
        self.assertGreater(ended, 0)

    def test_the_core_stands_still_and_comes_back(self):
        """What it was asked meanwhile it may not do any more: another core works on the database."""
        self.first.process.send_signal(signal.SIGSTOP)
        try:
            self.change("3栋")
            self.assertIn(self.api.status, (503, 504))
            self.await_second()
        finally:
            self.first.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.first.process.wait(timeout=PATIENCE_S), 1)
        self.first.process.stdout.close()
        self.first.errors.close()
        self.first.process = None
        names = [area["name"] for area in self.api.call("GET", "/areas", expect=200)["items"]]
        self.assertEqual(sorted(set(names) & {"2栋", "3栋"}), ["2栋"])


if __name__ == "__main__":
    unittest.main()
