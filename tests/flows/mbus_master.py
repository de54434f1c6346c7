"""A small M-Bus master of its own, written from EN 13757-2 and -3 and nothing else: frames, selection, search,
records."""

import re
import socket

from waiting import PATIENCE_S



ACKNOWLEDGE = b"\xe5"
SECONDARY = 253
DATA_SIZES = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4, 6: 6, 7: 8, 8: 0, 9: 1, 10: 2, 11: 3, 12: 4, 14: 6}
SILENCE = b""
SILENCE_S = 1  # who has not answered by then, where nobody should, is silent
REST_S = 3     # between two pieces of one frame on a slow machine


def short_frame(control, address):
    return bytes([0x10, control, address, (control + address) % 256, 0x16])


def long_frame(control, address, ci, data):
    body = bytes([control, address, ci]) + data
    return bytes([0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) % 256, 0x16])


class Garbage(Exception):
    """Something came that is no frame: answers that met, or noise."""


class Late(Exception):
    """Who was there a moment ago does not answer in time."""


def size_of(answer):
    """Bytes of the frame of M-Bus or DL/T 645 that begins so; more than there are while nobody can know."""
    if answer[0] == 0xE5:
        return 1
    if answer[:1] == answer[3:4] == b"\x68":
        return answer[1] + 6
    return answer[9] + 12 if len(answer) > 9 and answer[0] == answer[7] == 0x68 else len(answer) + 1


class Response:
    """RSP_UD with a long header."""

    def __init__(self, frame):
        self.address = frame[5]
        self.ci = frame[6]
        self.records = []
        self.more_follow = False
        if self.ci != 0x72:
            self.error = frame[7] if len(frame) > 9 else None
            return
        header, self.body = frame[7:19], frame[19:-2]
        self.number = header[3::-1].hex()
        maker = header[4] | header[5] << 8
        self.maker = "".join(chr(64 + (maker >> shift & 31)) for shift in (10, 5, 0))
        self.version, self.medium, self.access, self.status = header[6:10]
        self.records_take()

    def records_take(self):
        at = 0
        while at < len(self.body):
            dif = self.body[at]
            at += 1
            if dif == 0x2F:
                continue
            if dif in (0x0F, 0x1F):
                self.more_follow = dif == 0x1F
                return
            storage, shift, extension = dif >> 6 & 1, 1, dif
            while extension & 0x80:
                extension = self.body[at]
                storage |= (extension & 15) << shift
                shift += 4
                at += 1
            vif = [self.body[at]]
            at += 1
            while vif[-1] & 0x80:
                vif.append(self.body[at])
                at += 1
            size = DATA_SIZES[dif & 15]
            self.records.append((bytes(vif).hex(), storage, self.body[at:at + size]))
            at += size

    def raw(self, vif, storage=0):
        return next(data for name, place, data in self.records if name == vif and place == storage)

    def number_of(self, vif, storage=0):
        return int.from_bytes(self.raw(vif, storage), "little", signed=True)


class Master:
    """Over a TCP serial server. An answer has come when the frame is whole and the line quiet for `gap_s`; what is no
    frame has come to its end after `rest_s`."""

    def __init__(self, port, wait_s=PATIENCE_S, gap_s=0.02, rest_s=REST_S):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.wait_s, self.gap_s, self.rest_s = wait_s, gap_s, rest_s
        self.fcb = {}

    def close(self):
        self.socket.close()

    def exchange(self, request, size=None):
        """The answer, of `size` bytes where it is more than a frame."""
        self.socket.sendall(request)
        answer, wait_s = b"", self.wait_s
        while True:
            self.socket.settimeout(wait_s)
            try:
                piece = self.socket.recv(512)
            except socket.timeout:
                return answer
            if not piece:
                raise ConnectionError("the line was closed")
            answer += piece
            wait_s = self.gap_s if len(answer) >= (size or size_of(answer)) else self.rest_s

    def acknowledged(self, request):
        """True for E5, False for silence."""
        answer = self.exchange(request)
        if answer not in (ACKNOWLEDGE, SILENCE):
            raise Garbage(answer.hex())
        return answer == ACKNOWLEDGE

    def toggled(self, address):
        self.fcb[address] = not self.fcb.get(address, False)
        return 0x20 if self.fcb[address] else 0

    def reset(self, address):
        self.fcb[address] = False
        return self.acknowledged(short_frame(0x40, address))

    def read(self, address):
        """The next telegram; None for silence."""
        answer = self.exchange(short_frame(0x5B | self.toggled(address), address))
        if answer == SILENCE:
            return None
        if not re.match(rb"\x68(.)\1\x68", answer, re.DOTALL) or len(answer) != answer[1] + 6 or \
                answer[-2] != sum(answer[4:-2]) % 256 or answer[-1] != 0x16:
            raise Garbage(answer.hex())
        return Response(answer)

    def send(self, address, records):
        return self.acknowledged(long_frame(0x53 | self.toggled(address), address, 0x51, records))

    def select(self, number, maker=b"\xff\xff", version=0xFF, medium=0xFF):
        """`number` is eight digits, F for any."""
        self.fcb[SECONDARY] = False
        return self.acknowledged(long_frame(0x53, SECONDARY, 0x52, bytes.fromhex(number)[::-1] + maker +
                                            bytes([version, medium])))

    def search(self, prefix=""):
        """Numbers of all meters whose number begins with `prefix`: one digit further wherever several answer. Whom a
        selection does not match is deselected by it."""
        mask = prefix.ljust(8, "F")
        try:
            if not self.select(mask):
                return []
            found = self.read(SECONDARY)
        except Garbage:
            pass
        else:
            if found is None:
                raise Late(prefix)
            return [found.number]
        if len(prefix) == 8:
            raise Garbage("two meters of number " + prefix)
        return [number for digit in "0123456789" for number in self.search(prefix + digit)]
