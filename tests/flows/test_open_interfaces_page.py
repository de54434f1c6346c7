"""docs/open-interfaces.md: its examples are run as they are printed; and a top-up outlives the death of the server."""

import json
import os
import re
import subprocess
import threading
import unittest

from installation import PROGRAM
from open_client import OpenClient
from test_open_interfaces import OpenHouse

PAGE = os.path.join(os.path.dirname(__file__), "../../docs/open-interfaces.md")
KILLS = 3


def blocks(language):
    with open(PAGE, encoding="utf-8") as file:
        return re.findall(r"```%s\n(.*?)```" % language, file.read(), re.S)


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = OpenHouse().begin()
        cls.home = cls.house.add_home()
        cls.client = cls.house.client()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def environment(self, token):
        return {**os.environ, "base": "http://127.0.0.1:%d" % self.house.http_port, "device": str(self.home), **token}

    def test_every_example_works_as_it_is_printed(self):
        examples = blocks("sh")
        self.assertEqual(len(examples), 12)
        for example in examples[1:]:
            done = subprocess.run(["sh", "-euc", examples[0] + example], capture_output=True, text=True,
                                  env=self.environment({"token": self.client.token}), check=True)
            self.assertEqual(json.loads(done.stdout)["code"], "ok", example + done.stdout)

    def test_the_signing_example_works_as_it_is_printed(self):
        token = self.house.add_token(self.house.add_partner(is_signed=True))
        for example in blocks("python"):
            done = subprocess.run(["python3", "-c", example], capture_output=True, text=True, check=True,
                                  env=self.environment({"token": token["token"], "secret": token["secret"]}))
            self.assertEqual(json.loads(done.stdout)["code"], "ok", done.stdout)

    def test_every_code_of_the_page_exists(self):
        with open(PAGE, encoding="utf-8") as file:
            table = file.read().split("## When something goes wrong")[1]
        listed = set(re.findall(r"`([a-z]+_[a-z_]+)`", table)) - {"under_way"}
        known = ""
        for name in ("api/api_error.h", "billing/billing_error.h", "security/security_error.h"):
            with open(os.path.join(os.path.dirname(__file__), "../../src", name), encoding="utf-8") as file:
                known += file.read()
        self.assertEqual([code for code in listed if '"%s"' % code not in known], [])
        self.assertGreater(len(listed), 15)


class KillTest(unittest.TestCase):
    """The server dies while top-ups are under way; whoever repeats them until there is an answer pays once."""

    def test_what_was_repeated_after_a_death_is_booked_once(self):
        house = OpenHouse().begin()
        self.addCleanup(house.close)
        home, client = house.add_home(), house.client()
        numbers = ["T-kill-%04d" % index for index in range(KILLS * 40)]
        answered = {}

        def send(some):
            for number in some:
                try:
                    answered[number] = OpenClient(house.http_port, client.token).call(
                        "/top-up", device_id=home, amount_fen=100, trade_number=number)
                except (OSError, ValueError, AssertionError):
                    pass   # the server is gone, or is going
                if len(answered) > reached:
                    half.set()

        for turn in range(KILLS):
            mine = numbers[turn * 40:turn * 40 + 40]
            half, reached = threading.Event(), turn * 40 + 10
            senders = [threading.Thread(target=send, args=(mine[part::4],)) for part in range(4)]
            for sender in senders:
                sender.start()
            self.assertTrue(half.wait(30))
            house.kill()
            for sender in senders:
                sender.join()
            house.start().sign_in()
            for number in mine:
                done = OpenClient(house.http_port, client.token).call(
                    "/top-up", device_id=home, amount_fen=100, trade_number=number)
                if number in answered:
                    self.assertEqual((done["repeated"], done["receipt"]), (True, answered[number]["receipt"]))
                answered[number] = done
        left = OpenClient(house.http_port, client.token).call("/device/balance", device_id=home)["remaining_fen"]
        self.assertEqual(left, 100 * len(numbers))
        house.stop()
        subprocess.run([PROGRAM, "verify", "--data", house.data], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    unittest.main()
