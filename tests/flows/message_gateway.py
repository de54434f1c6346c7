"""Gateways of short messages that are not there: CMPP 2.0/3.0 and SMPP 3.4 on loopback. They check who signs in, answer,
send receipts, and throttle, drop or repeat when told to. Written from the standards' tables, not from our encoder."""

import hashlib
import socket
import struct
import threading
import time

from message_frames import cmpp_deliver_resp, cmpp_submit, smpp_bind, smpp_submit
from message_peer import Peer


class Gateway(Peer):
    """A server of one protocol. `plan` holds what to do with the next submits: a status, "drop", "lose" or "twice"."""

    def __init__(self):
        super().__init__()
        self.sessions = 0
        self.parts = {}
        self.next_number = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        self.thread = threading.Thread(target=self.accept)
        self.thread.start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def close(self):
        self.refuse()
        self.listener.close()
        self.thread.join()
        self.drop()

    def refuse(self):
        """Take no more connections."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def drop(self):
        """Every connection breaks."""
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()
        self.connections = []

    def converse(self, connection):
        stream = connection.makefile("rb")
        try:
            while head := stream.read(4):
                size = struct.unpack(">I", head)[0]
                self.frame(connection, stream.read(size - 4))
        except (OSError, struct.error, ConnectionError):
            pass

    def joined(self, to, content, is_long, is_ucs2):
        """A whole text once all its parts are there."""
        if is_long:
            reference, total, number = content[3], content[4], content[5]
            parts = self.parts.setdefault((to, reference), {})
            parts[number] = content[6:]
            if len(parts) < total:
                return
            content = b"".join(parts[i] for i in sorted(parts))
        self.take({"to": to, "text": content.decode("utf-16-be" if is_ucs2 else "ascii")})

    def number(self):
        self.next_number += 1
        return self.next_number


class CmppGateway(Gateway):
    def __init__(self, version=0x20, secret="888888"):
        self.version, self.secret = version, secret.encode()
        self.provider, self.delivered = "", {}
        super().__init__()

    def send(self, connection, command, sequence, body):
        connection.sendall(struct.pack(">III", 12 + len(body), command, sequence) + body)

    def status(self, number):
        return struct.pack(">I" if self.version >= 0x30 else ">B", number)

    def frame(self, connection, rest):
        command, sequence = struct.unpack(">II", rest[:8])
        body = rest[8:]
        if command == 1:
            self.connect(connection, sequence, body)
        elif command == 4:
            self.submit(connection, sequence, body)
        elif command == 8:
            self.send(connection, 0x80000008, sequence, b"\0")
        elif command == 0x80000005:
            cmpp_deliver_resp(body, self.version, self.delivered.pop(sequence, b""), self.complain)
        elif command not in (2, 0x80000008):
            self.complain("cmpp command %#x" % command)

    def connect(self, connection, sequence, body):
        source, proof, version, stamp = struct.unpack(">6s16sBI", body)
        self.provider = source.decode()
        expected = hashlib.md5(source + b"\0" * 9 + self.secret + b"%010d" % stamp).digest()
        local = time.gmtime(time.time() + 28800)
        if "%010d" % stamp < time.strftime("%m%d%H%M%S", time.gmtime(time.time() + 28800 - 600)) and local.tm_yday > 1:
            self.complain("cmpp timestamp")
        status = self.status(0 if expected == proof and version == self.version else 3)
        if expected != proof:
            self.complain("cmpp proof")
        self.sessions += 1
        answer = hashlib.md5(status + proof + self.secret).digest()
        self.send(connection, 0x80000001, sequence, status + answer + bytes([self.version]))

    def submit(self, connection, sequence, body):
        said = cmpp_submit(body, self.version, self.provider, self.complain)
        plan = self.next_plan()
        if plan == "drop":
            connection.shutdown(socket.SHUT_RDWR)
            return
        number = struct.pack(">Q", 0x1122000000000000 + self.number())
        self.send(connection, 0x80000004, sequence, number + self.status(plan if isinstance(plan, int) else 0))
        if isinstance(plan, int):
            return
        self.joined(said["to"], said["content"], said["is_long"], said["coding"] == 8)
        self.receipt(connection, number, said["to"], b"UNDELIV" if plan == "undelivered" else b"DELIVRD")

    def receipt(self, connection, number, to, stat):
        content = number + stat + b"2601150800" * 2 + to.encode().ljust(32 if self.version >= 0x30 else 21, b"\0") + b"\0\0\0\1"
        body = number + b"1065900001".ljust(21, b"\0") + b"WATER".ljust(10, b"\0") + b"\0\0\0"
        body += to.encode().ljust(33 if self.version >= 0x30 else 21, b"\0") + b"\1" + bytes([len(content)]) + content
        body += b"\0" * (20 if self.version >= 0x30 else 8)
        sequence = self.number()
        self.delivered[sequence] = number
        self.send(connection, 5, sequence, body)


class SmppGateway(Gateway):
    def __init__(self, login=("meter", "secret")):
        self.login = login
        super().__init__()

    def send(self, connection, command, sequence, body=b"", status=0):
        connection.sendall(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def frame(self, connection, rest):
        command, _, sequence = struct.unpack(">III", rest[:12])
        body = rest[12:]
        if command == 9:
            good = smpp_bind(body, self.complain) == self.login
            self.sessions += 1
            self.send(connection, 0x80000009, sequence, b"gateway\0" if good else b"", 0 if good else 0x0e)
        elif command == 0x15:
            self.send(connection, 0x80000015, sequence)
        elif command == 0x80000005 and body != b"\0":
            self.complain("deliver_sm_resp is %s" % body.hex())
        elif command == 4:
            self.submit(connection, sequence, body)

    def submit(self, connection, sequence, body):
        said = smpp_submit(body, self.complain)
        plan = self.next_plan()
        if plan == "drop":
            connection.shutdown(socket.SHUT_RDWR)
            return
        if isinstance(plan, int):
            self.send(connection, 0x80000004, sequence, b"", plan)
            return
        number = b"M%d" % self.number()
        self.send(connection, 0x80000004, sequence, number + b"\0")
        self.joined(said["to"], said["content"], said["is_long"], said["coding"] == 8)
        stat = b"UNDELIV" if plan == "undelivered" else b"DELIVRD"
        for _ in range(2 if plan == "twice" else 1):
            text = b"id:%s sub:001 dlvrd:001 submit date:2601150800 done date:2601150801 stat:%s err:000 text:" % (number, stat)
            self.send(connection, 5, self.number(),
                      b"\0\1\1" + said["to"].encode() + b"\0\5\0" + said["source"].encode() + b"\0\4\0\0\0\0\1\0\0\0" + bytes([len(text)]) + text)
