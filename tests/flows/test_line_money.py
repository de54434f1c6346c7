"""Money and tariffs of a wired electricity meter: every step by the whole program, against a real meter core on a line."""

import signal
import socket
import subprocess
import unittest

from installation import PROGRAM, Installation
from waiting import PATIENCE_S

KEY = "00112233445566778899aabbccddeeff"
WRONG_KEY = "ffeeddccbbaa99887766554433221100"
NUMBER = "000000004321"
FAST = ("--baud", "38400", "--delay", "4")


class LineMoneyTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.house.start().sign_in()
        area = self.house.add_building()
        self.process = subprocess.Popen([PROGRAM, "meters", "--listen", "127.0.0.1:0", "--protocol", "dlt645", "--count",
                                         "1", "--number", NUMBER.lstrip("0"), "--recharge-key", "-", *FAST],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.send_signal, signal.SIGTERM)
        self.process.stdin.write(KEY + "\n")
        self.process.stdin.close()
        self.port = int(self.process.stdout.readline().split()[1])
        self.line_id = self.house.call("POST", "/concentrators", {
            "area_id": area, "address": f"127.0.0.1:{self.port}", "name": "3栋总线", "kind": "tcp", "baud": 38400},
            expect=201)["device_id"]
        self.house.until(f"/concentrators/{self.line_id}", lambda line: line["connected"])
        self.meter_id = self.house.call("POST", "/devices", {
            "area_id": area, "room": "301", "kind": "electricity", "profile": "dlt645-2007-single-phase-prepaid",
            "meter_number": NUMBER, "parent_device_id": self.line_id, "password": "000000", "key": KEY},
            expect=201)["device_id"]

    def command(self, kind, headers=None, **more):
        return self.house.call("POST", f"/devices/{self.meter_id}/commands", {"kind": kind, "reason": "test", **more},
                               expect=201, headers=headers)

    def ended(self, asked):
        command = self.house.until(f"/commands/{asked['command_id']}", lambda answer: answer["finished_s"] is not None)
        return command["state"], command["outcome"]

    def assert_verified(self, asked, outcome):
        self.assertEqual(self.ended(asked), ("verified", outcome))

    def assert_refused(self, asked, problem):
        self.assertEqual(self.ended(asked), ("failed", "line_refused " + problem))

    def serial(self, asked):
        return self.house.call("GET", f"/commands/{asked['command_id']}", expect=200)["serial"]

    def balance(self):
        return self.house.call("GET", f"/devices/{self.meter_id}", expect=200)["balance_fen"]

    def key_set(self, key):
        self.house.call("PATCH", f"/devices/{self.meter_id}", {"key": key}, expect=200)

    def replay(self, serial, amount_fen):
        """A purchase once more, by somebody who listened: the control code and data of the answer."""
        frame = subprocess.run([PROGRAM, "encode", "--profile", "dlt645-2007-single-phase-prepaid", "--address", NUMBER,
                                "--key", "-", "recharge", f"serial={serial}", f"amount={amount_fen}"], input=KEY + "\n",
                               stdout=subprocess.PIPE, text=True, check=True).stdout
        return self.exchange(bytes.fromhex(frame))

    def exchange(self, frame):
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as line:
            line.sendall(frame)
            answer = b""
            while len(answer) < 10 or len(answer) < 12 + answer[9]:
                answer += line.recv(256)
        return answer[8], bytes((byte - 0x33) % 256 for byte in answer[10:-2])

    def read(self, identifier):
        """A value by the meter itself, highest byte first."""
        shifted = bytes((byte + 0x33) % 256 for byte in bytes.fromhex(identifier)[::-1])
        frame = b"\x68" + bytes.fromhex(NUMBER)[::-1] + b"\x68\x11\x04" + shifted
        control, data = self.exchange(frame + bytes([sum(frame) % 256, 0x16]))
        self.assertEqual(control, 0x91)
        return data[4:][::-1]

    def test_purchases_count_once_and_are_taken_back(self):
        meter = self.house.call("GET", f"/devices/{self.meter_id}", expect=200)
        self.assertEqual((meter["has_key"], meter["has_password"]), (True, True))
        self.assertNotIn(KEY, str(meter))
        first, second = self.command("recharge", amount_fen=12345), self.command("recharge", amount_fen=655)
        self.assert_verified(first, "serial_shown")
        self.assert_verified(second, "serial_shown")
        self.assertEqual((self.serial(first), self.serial(second), self.balance()), (1, 2, 13000))
        cleared = self.command("clear_balance")
        self.assert_verified(cleared, "balance_shown_cleared")
        self.assertEqual((self.serial(cleared), self.balance()), (3, 0))
        last = self.command("recharge", amount_fen=500)
        self.assert_verified(last, "serial_shown")
        self.assertEqual((self.serial(last), self.balance()), (4, 500))
        self.house.stop()
        self.assertEqual(self.replay(2, "6.55"), (0xC3, b"\x20\x00"))
        self.assertEqual(self.replay(4, "5.00"), (0xC3, b"\x02\x00"))
        control, data = self.replay(5, "1.00")
        self.assertEqual((control, data[4:8]), (0x83, (600).to_bytes(4, "little")))

    def test_a_purchase_by_card_is_not_taken_for_ours(self):
        self.house.stop()
        control, data = self.replay(1, "20.00")
        self.assertEqual((control, data[4:8]), (0x83, (2000).to_bytes(4, "little")))
        self.house.start().sign_in()
        asked = self.command("recharge", amount_fen=5000)
        self.assert_verified(asked, "serial_shown")
        self.assertEqual((self.serial(asked), self.balance()), (2, 7000))

    def test_a_refused_purchase_leaves_its_number_to_the_next(self):
        self.key_set(WRONG_KEY)
        for asked in [self.command("recharge", amount_fen=100), self.command("recharge", amount_fen=200)]:
            self.assert_refused(asked, "key")
            self.assertEqual(self.serial(asked), 0)
        self.key_set(KEY)
        asked = self.command("recharge", amount_fen=300)
        self.assert_verified(asked, "serial_shown")
        self.assertEqual((self.serial(asked), self.balance()), (1, 300))

    def test_tables_and_clock_are_written(self):
        for kind, rows in (("write_steps", [[0, 5000], [18000, 6500]]), ("write_day_table", [[0, 4], [480, 1]])):
            self.assert_verified(self.command(kind, table={"number": 1, "rows": rows}), "meter_confirmed")
        self.assert_verified(self.command("set_mode", value=3), "meter_confirmed")
        clock = self.command("set_clock")
        self.house.until(f"/commands/{clock['command_id']}", lambda answer: answer["state"] == "executed")
        self.house.stop()
        self.assertEqual([self.read(identifier).hex() for identifier in ("04060001", "04060101", "04060102", "04000207")],
                         ["00018000", "00005000", "00006500", "01"])
        self.assertEqual(self.read("04800106").hex(), "02")
        self.assertEqual(self.read("04010001").hex()[-12:], "080001000004")


if __name__ == "__main__":
    unittest.main()
