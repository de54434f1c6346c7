"""A concentrator after Q/GDW 376.1-2009 that a test plays: it dials in, keeps an archive of meters with moods, and passes
frames through to DL/T 645-2007 meters with relays and passwords."""

import socket
import struct
import threading

from waiting import PATIENCE_S



CONFIRM = bytes([0, 0, 1, 0])
DENY = bytes([0, 0, 2, 0])
F10 = bytes([0, 0, 2, 1])
ENTRY_SIZE = 27
PASSWORD_SIZE = 16


def bcd(number, size):
    digits = f"{number:0{2 * size}d}"
    return bytes(int(digits[i:i + 2], 16) for i in range(2 * size - 2, -1, -2))


def number_of(bytes_):
    return int(bytes_[::-1].hex())


class Meter:
    """One DL/T 645-2007 meter: a register, a relay, a password of level 02."""

    def __init__(self, address, password="000000"):
        self.address, self.password = address, password
        self.register, self.disconnected = 1234567, False
        self.asked, self.sticks = [], False

    def answer(self, frame):
        start = frame.index(0x68)
        control, size = frame[start + 8], frame[start + 9]
        data = bytes((byte - 0x33) & 255 for byte in frame[start + 10:start + 10 + size])
        self.asked.append((control, data))
        control, data = self.read(data) if control == 0x11 else self.turn(data) if control == 0x1C else (control | 0xC0, b"\x02")
        head = bytes([0x68]) + bcd(self.address, 6) + bytes([0x68, control, len(data)])
        body = head + bytes((byte + 0x33) & 255 for byte in data)
        return body + bytes([sum(body) & 255, 0x16])

    def read(self, data):
        identifier = struct.unpack("<I", data[:4])[0]
        if identifier == 0x00010000:
            return 0x91, data[:4] + bcd(self.register, 4)
        if identifier == 0x04000503:
            return 0x91, data[:4] + struct.pack("<H", 0x10 if self.disconnected else 0)
        return 0xD1, b"\x02"

    def turn(self, data):
        password = f"{number_of(data[1:4]):06d}"
        if data[0] != 2 or password != self.password:
            return 0xDC, b"\x04"
        if not self.sticks:
            self.disconnected = data[8] == 0x1A
        return 0x9C, b""


class ConcentratorPeer:
    """Serves one connection in a thread of its own until closed."""

    def __init__(self, port, *meters, region=4401, terminal=12345):
        self.address = bcd(region, 2) + struct.pack("<H", terminal) + b"\x00"
        self.entries = {}          # number: the 27 bytes of an entry
        self.denied = set()        # numbers that it never takes
        self.half_taken = None     # a set with this number is confirmed once, and kept only up to it
        self.written = []          # numbers, in the order of writing
        self.meters = {meter.address: meter for meter in meters}  # before it logs in: an order may wait for them
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.stream = self.socket.makefile("rb")
        self.send(0xC9, 2, 0x70, CONFIRM)
        self.hear()                # the login is confirmed
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def send(self, control, function, sequence, units):
        user = bytes([control]) + self.address + bytes([function, sequence]) + units
        length = struct.pack("<H", len(user) << 2 | 2)
        self.socket.sendall(b"\x68" + length + length + b"\x68" + user + bytes([sum(user) & 255, 0x16]))

    def hear(self):
        """Function, sequence and units of the next frame; None at the end."""
        head = self.stream.read(6)
        if len(head) < 6:
            return None
        size = struct.unpack("<H", head[1:3])[0] >> 2
        user = self.stream.read(size + 2)[:size]
        return (user[6], user[7], user[8:]) if len(user) == size else None

    def serve(self):
        answers = {0x0A: self.query, 0x04: self.set, 0x10: self.forward}
        try:
            while (heard := self.hear()) is not None:
                function, sequence, units = heard
                if function in answers:
                    answers[function](0x60 | sequence & 15, units)
                elif function != 0:
                    self.send(0x8B, 0, 0x60 | sequence & 15, DENY)
        except OSError:
            pass

    def query(self, sequence, units):
        if units[:4] != F10:
            self.send(0x8B, 0, sequence, DENY)
            return
        count = struct.unpack("<H", units[4:6])[0]
        numbers = struct.unpack(f"<{count}H", units[6:6 + 2 * count])
        entries = [self.entries[number] for number in numbers if number in self.entries]
        self.send(0x88, 0x0A, sequence, F10 + struct.pack("<H", len(entries)) + b"".join(entries))

    def set(self, sequence, units):
        count = struct.unpack("<H", units[4:6])[0]
        rows = [units[6 + ENTRY_SIZE * i:6 + ENTRY_SIZE * (i + 1)] for i in range(count)]
        numbers = [struct.unpack("<H", row[:2])[0] for row in rows]
        if units[:4] != F10 or self.denied & set(numbers):
            self.send(0x8B, 0, sequence, DENY)
            return
        for number, row in zip(numbers, rows):
            if number == self.half_taken:
                self.half_taken = None
                break
            self.written.append(number)
            self.entries[number] = row
            if struct.unpack("<H", row[2:4])[0] == 0:
                del self.entries[number]
        self.send(0x8B, 0, sequence, CONFIRM)

    def forward(self, sequence, units):
        size = struct.unpack("<H", units[8:10])[0]
        frame = units[10:10 + size]
        meter = self.meters.get(number_of(frame[frame.index(0x68) + 1:][:6]))
        if meter is None:
            self.send(0x8B, 0, sequence, DENY)
            return
        answer = meter.answer(frame)
        self.send(0x88, 0x10, sequence, units[:5] + struct.pack("<H", len(answer)) + answer)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(timeout=PATIENCE_S)
        self.stream.close()
        self.socket.close()
