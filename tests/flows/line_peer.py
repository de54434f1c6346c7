"""A transparent line that a test plays: a TCP serial server with DL/T 645-2007 and CJ/T 188 meters on it, which keep
what is written to them, or say so only."""

import socket
import threading

from concentrator_peer import Meter, number_of
from waiting import PATIENCE_S


def whole_frame(received):
    """The first whole frame of what came, of either protocol; None."""
    start = received.find(0x68)
    if start < 0 or len(received) < start + 12:
        return None
    is_dlt645 = received[start + 7] == 0x68
    end = start + 12 + received[start + 9] if is_dlt645 else start + 13 + received[start + 10]
    return received[start:end] if len(received) >= end else None


class ParameterMeter(Meter):
    """A DL/T 645-2007 meter with parameters."""

    def __init__(self, address, password="000000"):
        super().__init__(address, password)
        self.parameters = {}       # identifier: bytes as on the wire
        self.untaken = set()       # identifiers whose writing is confirmed and not done
        self.silent_turns = 0      # so many relay commands are done and not answered

    def answer(self, frame):
        if frame[8] == 0x1C and self.silent_turns > 0:
            self.silent_turns -= 1
            super().answer(frame)
            return b""
        return super().answer(frame) if frame[8] != 0x14 else self.write(frame)

    def write(self, frame):
        data = bytes((byte - 0x33) & 255 for byte in frame[10:10 + frame[9]])
        self.asked.append((0x14, data))
        identifier = int.from_bytes(data[:4], "little")
        if identifier not in self.untaken:
            self.parameters[identifier] = data[12:]
        body = frame[:8] + b"\x94\x00"
        return body + bytes([sum(body) & 255, 0x16])

    def read(self, data):
        identifier = int.from_bytes(data[:4], "little")
        if identifier in self.parameters:
            return 0x91, data[:4] + self.parameters[identifier]
        return super().read(data)


class PurseMeter:
    """A CJ/T 188 water meter that takes money."""

    def __init__(self, address):
        self.address = address
        self.purchase = bytes(5)   # number, amount
        self.taken = 0
        self.halves = False        # keep something else than what came

    def answer(self, frame):
        control, identifier, serial = frame[9], frame[11:13], frame[13:14]
        payload = b"\x01\x00"
        if identifier == b"\xa0\x13":
            self.taken += 1
            self.purchase = frame[14:19] if not self.halves else frame[14:15] + bytes(4)
            payload = frame[14:19]
        elif identifier == b"\x81\x05":
            payload = self.purchase + bytes(10)
        elif identifier == b"\x90\x1f":
            payload = bytes.fromhex("563412002c000012002c301510210112260000".replace(" ", ""))
            payload = payload[:10] + bytes.fromhex("30151021112620") + b"\x00\x00"
        data = identifier + serial + payload
        body = frame[:9] + bytes([control | 0x80, len(data)]) + data
        return body + bytes([sum(body) & 255, 0x16])


class LinePeer:
    """Serves connections one after the other, in a thread of its own, until closed."""

    def __init__(self, *meters):
        self.meters = {meter.address: meter for meter in meters}
        self.turned = threading.Event()    # a relay command came
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connection = None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                self.connection, _ = self.listener.accept()
                self.converse(self.connection)
            except OSError:
                if self.listener.fileno() < 0:
                    return

    def converse(self, connection):
        received = b""
        while data := connection.recv(1024):
            received += data
            while (frame := whole_frame(received)) is not None:
                received = received[received.index(frame) + len(frame):]
                is_dlt645 = frame[7] == 0x68
                meter = self.meters.get(number_of(frame[1:7] if is_dlt645 else frame[2:9]))
                answer = meter.answer(frame) if meter is not None else b""
                if is_dlt645 and frame[8] == 0x1C:
                    self.turned.set()
                connection.sendall(answer)
        connection.close()

    def close(self):
        for each in (self.listener, self.connection):
            try:
                if each is not None:
                    each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.listener.close()
        if self.connection is not None:
            self.connection.close()
        self.thread.join(timeout=PATIENCE_S)
