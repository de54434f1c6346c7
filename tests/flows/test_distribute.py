"""`meterworks distribute` where there is nothing to distribute to: it says what is missing and changes nothing. What it does on a
cluster is in tests/unit/store/citus_distribute_test.c."""
import os
import pathlib
import subprocess
import unittest

PROGRAM = os.environ["METERWORKS"]
SERVER = pathlib.Path(__file__).resolve().parent.parent / "store" / "postgres_run"


def distribute(*arguments, before=()):
    return subprocess.run([*before, PROGRAM, "distribute", *arguments], capture_output=True, text=True, check=False)


class DistributeTest(unittest.TestCase):
    def test_it_wants_the_address_of_a_server(self):
        for arguments in ((), ("--store", "/srv/meterworks"), ("--store", "postgresql://h/d", "--shards", "0")):
            answer = distribute(*arguments)
            self.assertEqual(answer.returncode, 2, answer.stderr)
            self.assertNotEqual(answer.stderr, "")

    def test_a_server_that_is_not_there_is_said(self):
        answer = distribute("--store", "postgresql://127.0.0.1:1/meterworks")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("meterworks distribute: database:", answer.stderr)

    def test_a_server_without_citus_is_left_as_it_is(self):
        own = {name: value for name, value in os.environ.items() if name != "METERWORKS_TEST_STORE"}
        answer = subprocess.run([SERVER, "sh", "-c", f'"{PROGRAM}" distribute --store "$METERWORKS_TEST_STORE"'],
                                capture_output=True, text=True, check=False, env=own)
        self.assertEqual(answer.returncode, 1, answer.stderr)
        self.assertIn("CREATE EXTENSION citus", answer.stderr)


if __name__ == "__main__":
    unittest.main()
