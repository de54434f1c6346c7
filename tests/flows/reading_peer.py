"""A concentrator after Q/GDW 376.1 with water meters, which answers what and when the test says."""

import datetime
import queue
import socket
import struct
import threading

from waiting import PATIENCE_S



WATER_F = 129
FIRST_DAY_UNITS = 10000  # what a register shows: 0.0001 m3 in BCD


def frame(control, address, afn, sequence, units):
    user = bytes([control]) + address + bytes([afn, 0x60 | sequence & 15]) + units
    length = struct.pack("<H", len(user) << 2 | 2)
    return b"\x68" + length + length + b"\x68" + user + bytes([sum(user) & 255, 0x16])


def point_id(point):
    return bytes([1 << (point - 1) % 8, (point - 1) // 8 + 1])


def function_id(function):
    return bytes([1 << (function - 1) % 8, (function - 1) // 8])


def bcd(number, size):
    return bytes(int("%0*d" % (2 * size, number), 10) // 100 ** i % 100 // 10 * 16
                 + int("%0*d" % (2 * size, number), 10) // 100 ** i % 10 for i in range(size))


def points_of(units, mark_size):
    """(point, function, mark) of each unit of a request."""
    at = 0
    while at < len(units):
        points = [(units[at + 1] - 1) * 8 + bit + 1 for bit in range(8) if units[at] >> bit & 1]
        functions = [units[at + 3] * 8 + bit + 1 for bit in range(8) if units[at + 2] >> bit & 1]
        at += 4
        for point in points:
            for function in functions:
                yield point, function, units[at:at + mark_size]
                at += mark_size


class Concentrator:
    """values: by point, 0.0001 m3; a point without one has no data. asked: the points of each request, as they came.

    While `patience` is held no request for readings is answered; `allow(n)` lets the next n be."""

    def __init__(self, port, terminal, values):
        self.address = bytes([0x03, 0x44]) + struct.pack("<H", terminal) + b"\0"
        self.values = values
        self.asked = queue.Queue()
        self.permits = threading.Semaphore(0)
        self.is_held = False
        self.is_closing = False
        self.port = port
        self.dial()

    def dial(self):
        self.peer = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        self.stream = self.peer.makefile("rb")
        self.thread = threading.Thread(target=self.serve, args=(self.stream, self.peer), daemon=True)
        self.peer.sendall(frame(0xC9, self.address, 2, 0, b"\0\0\1\0"))
        self.thread.start()

    def hold(self):
        self.is_held = True

    def allow(self, count=1):
        self.permits.release(count)

    def go_on(self):
        self.is_held = False
        self.permits.release(1)

    def close(self):
        self.is_closing = True
        self.go_on()
        try:
            self.peer.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.stream.close()
        self.peer.close()

    def serve(self, stream, peer):
        try:
            while True:
                head = stream.read(6)
                if len(head) < 6:
                    return
                size = struct.unpack("<H", head[1:3])[0] >> 2
                user = stream.read(size + 2)[:size]
                self.answer(peer, user)
        except (OSError, ValueError):
            if not self.is_closing:
                return

    def answer(self, peer, user):
        afn, sequence, units = user[6], user[7], user[8:]
        if afn == 0:
            return
        if afn not in (0x0C, 0x0D):
            peer.sendall(frame(0x89, self.address, 0, sequence, b"\0\0\2\0"))
            return
        asked = list(points_of(units, 3 if afn == 0x0D else 0))
        self.asked.put([point for point, function, mark in asked])
        if self.is_held:
            self.permits.acquire()
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
        time = bytes(int(now.strftime(part), 16) for part in ("%M", "%H", "%d", "%m", "%y"))
        answers = b"".join(point_id(point) + function_id(function) + mark + time + b"\0" + bcd(self.values[point], 5)
                           for point, function, mark in asked if point in self.values and function in (129, 161))
        if answers:
            peer.sendall(frame(0x88, self.address, afn, sequence, answers))
        else:
            peer.sendall(frame(0x89, self.address, 0, sequence, b"\0\0\2\0"))
