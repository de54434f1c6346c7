"""The program `meterworks concentrators` against a head-end of a few lines: it dials in, logs in, answers."""

import os
import re
import signal
import socket
import struct
import subprocess
import unittest

from waiting import PATIENCE_S



PROGRAM = os.environ.get("METERWORKS", os.path.join(os.path.dirname(__file__), "../../build/meterworks"))
CONFIRM = bytes([0, 0, 1, 0])


def frame(control, address, afn, sequence, units):
    user = bytes([control]) + address + bytes([afn, 0x60 | sequence & 15]) + units
    length = struct.pack("<H", len(user) << 2 | 2)
    return b"\x68" + length + length + b"\x68" + user + bytes([sum(user) & 255, 0x16])


class HeadEnd:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE_S)
        self.port = self.listener.getsockname()[1]

    def accept(self):
        self.peer, _ = self.listener.accept()
        self.peer.settimeout(PATIENCE_S)
        self.stream = self.peer.makefile("rb")

    def hear(self):
        """User data of the next frame."""
        head = self.stream.read(6)
        size = struct.unpack("<H", head[1:3])[0] >> 2
        rest = self.stream.read(size + 2)
        assert head[0] == head[5] == 0x68 and sum(rest[:size]) & 255 == rest[size]
        return rest[:size]

    def confirm(self, heard):
        self.peer.sendall(frame(0x0B, heard[1:6], 0, heard[7], CONFIRM))

    def ask(self, address, afn, sequence, units):
        """The answer; what the concentrator starts by itself meanwhile is confirmed."""
        self.peer.sendall(frame(0x4B, address, afn, sequence, units))
        while True:
            heard = self.hear()
            if not heard[0] & 0x40:
                return heard
            self.confirm(heard)

    def close(self):
        self.stream.close()
        self.peer.close()
        self.listener.close()


class Concentrators(unittest.TestCase):
    def run_against(self, *options):
        head_end = HeadEnd()
        self.addCleanup(head_end.close)
        process = subprocess.Popen([PROGRAM, "concentrators", "--connect", f"127.0.0.1:{head_end.port}", "--spread", "0",
                                    *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        head_end.accept()
        login = head_end.hear()
        self.assertEqual(login[6], 2)
        self.assertEqual(login[8:12], CONFIRM)
        head_end.confirm(login)
        return head_end, login[1:6]

    def test_registers_are_served(self):
        head_end, address = self.run_against("--meters", "10", "--four", "--first-address", "4660")
        self.assertEqual(address, bytes([0x03, 0x44, 0x34, 0x12, 0]))
        answer = head_end.ask(address, 0x0C, 3, bytes([0xFF, 1, 1, 0x10]))
        self.assertEqual(answer[6], 0x0C)
        self.assertEqual(answer[7] & 15, 3)
        self.assertEqual(len(re.findall(rb"[\x01\x02\x04\x08\x10\x20\x40\x80]\x01\x01\x10", answer)), 8)
        answer = head_end.ask(address, 0x0C, 4, bytes([4, 2, 1, 0x10]))
        self.assertEqual(answer[6:12], bytes([0, 0x64, 0, 0, 2, 0]))

    def test_real_cores_hang_on_lines(self):
        head_end, address = self.run_against("--meters", "8", "--four", "--full")
        answer = head_end.ask(address, 0x0A, 1, bytes([0, 0, 2, 1, 2, 0, 1, 0, 2, 0]))
        self.assertEqual(answer[6], 0x0A)
        self.assertEqual(answer[12:14], bytes([2, 0]))
        answer = head_end.ask(address, 0x0C, 2, bytes([1, 1, 1, 0x10]))
        self.assertEqual(answer[6], 0x0C)
        self.assertNotEqual(answer[12], 0xEE)
        # The meter itself, through the concentrator: DL/T 645-2007, 00010000.
        meter = bytes([0x68]) + answer_address(1) + bytes([0x68, 0x11, 4, 0x33, 0x33, 0x34, 0x33])
        meter += bytes([sum(meter) & 255, 0x16])
        units = bytes([0, 0, 1, 0, 2, 0x6B, 0x81, 10]) + struct.pack("<H", len(meter)) + meter + bytes(16)
        answer = head_end.ask(address, 0x10, 5, units)
        self.assertEqual(answer[6], 0x10)
        size = struct.unpack("<H", answer[13:15])[0]
        self.assertIn(b"\x68\x91\x08\x33\x33\x34\x33", answer[15:15 + size])


def answer_address(terminal):
    digits = f"{terminal * 1000 + 1:012d}"
    return bytes(int(digits[i:i + 2], 16) for i in range(10, -1, -2))


if __name__ == "__main__":
    unittest.main()
