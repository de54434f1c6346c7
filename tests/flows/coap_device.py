"""A water meter written for the tests alone: CoAP, SenML and LwM2M by the documents, nothing shared with the program.

RFC 7252 (CoAP), RFC 8949 (CBOR), RFC 8428 (SenML), OMA LwM2M 1.1.
"""

import json
import os
import socket
import struct

from waiting import PATIENCE_S



GET, POST, PUT, DELETE, FETCH = 0x01, 0x02, 0x03, 0x04, 0x05
CREATED, DELETED, CHANGED, CONTENT = 0x41, 0x42, 0x44, 0x45
BAD_REQUEST, FORBIDDEN, NOT_FOUND = 0x80, 0x83, 0x84
CON, NON, ACK, RST = 0, 1, 2, 3
LOCATION_PATH, URI_PATH, CONTENT_FORMAT, URI_QUERY, ACCEPT = 8, 11, 12, 15, 17
LINK_FORMAT, SENML_JSON, SENML_CBOR, TLV = 40, 110, 112, 11542


def option_bytes(number, value, previous):
    def nibble(amount):
        if amount < 13:
            return amount, b""
        if amount < 269:
            return 13, bytes([amount - 13])
        return 14, struct.pack(">H", amount - 269)

    delta, delta_extra = nibble(number - previous)
    length, length_extra = nibble(len(value))
    return bytes([delta << 4 | length]) + delta_extra + length_extra + value


def message_bytes(kind, code, message_id, token=b"", options=(), payload=b""):
    out = bytes([0x40 | kind << 4 | len(token), code]) + struct.pack(">H", message_id) + token
    previous = 0
    for number, value in sorted(options, key=lambda option: option[0]):
        if isinstance(value, int):
            value = value.to_bytes((value.bit_length() + 7) // 8, "big")
        elif isinstance(value, str):
            value = value.encode()
        out += option_bytes(number, value, previous)
        previous = number
    return out + (b"\xff" + payload if payload else b"")


class Message:
    def __init__(self, data):
        self.kind = data[0] >> 4 & 3
        self.code = data[1]
        self.message_id = struct.unpack(">H", data[2:4])[0]
        size = data[0] & 15
        self.token = data[4 : 4 + size]
        self.options, self.payload = [], b""
        at, number = 4 + size, 0
        while at < len(data):
            if data[at] == 0xFF:
                self.payload = data[at + 1 :]
                break
            delta, length = data[at] >> 4, data[at] & 15
            at += 1
            if delta == 13:
                delta, at = data[at] + 13, at + 1
            elif delta == 14:
                delta, at = struct.unpack(">H", data[at : at + 2])[0] + 269, at + 2
            if length == 13:
                length, at = data[at] + 13, at + 1
            number += delta
            self.options.append((number, data[at : at + length]))
            at += length

    def values(self, number):
        return [value for found, value in self.options if found == number]

    @property
    def path(self):
        return "/" + "/".join(value.decode() for value in self.values(URI_PATH))


def cbor(value):
    def head(major, amount):
        for limit, code, form in ((24, None, None), (256, 24, ">B"), (65536, 25, ">H"), (1 << 32, 26, ">I")):
            if amount < limit:
                if code is None:
                    return bytes([major << 5 | amount])
                return bytes([major << 5 | code]) + struct.pack(form, amount)
        return bytes([major << 5 | 27]) + struct.pack(">Q", amount)

    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    return head(4, len(value)) + b"".join(cbor(item) for item in value)


class Report:
    """What one daily report says. History is newest first, in litres; None is a midnight that was not latched."""

    def __init__(self, time_s, volume_l, midnight_s, history_l, valve=0, balance=0.0, serial=0, alarms=0):
        self.time_s = time_s
        history = [0xFFFFFFFF if litres is None else litres for litres in history_l]
        self.values = [
            ("/33424/0/1", float(balance)), ("/33424/0/4", valve), ("/33424/0/7", serial),
            ("/33424/0/8", struct.pack(">%dI" % len(history), *history)), ("/33424/0/9", midnight_s),
            ("/33424/0/10", alarms), ("/33424/0/18", 2506), ("/33424/0/19", 87), ("/3424/0/1", volume_l / 1000),
            ("/4/0/2", -97), ("/4/0/8", 1234567), ("/4/0/11", 9), ("/4/0/13", 1), ("/3/0/7/0", 3580),
            ("/3/0/3", "2.1.4"),
        ]

    def senml_cbor(self):
        records = []
        for path, value in self.values:
            label = {bytes: 8, str: 3}.get(type(value), 2)
            records.append({0: path, label: value})
        records[0] = {-3: self.time_s, **records[0]}
        return cbor(records)

    def senml_json(self):
        import base64

        records = []
        for path, value in self.values:
            if isinstance(value, bytes):
                records.append({"n": path, "vd": base64.urlsafe_b64encode(value).rstrip(b"=").decode()})
            else:
                records.append({"n": path, "vs" if isinstance(value, str) else "v": value})
        records[0]["bt"] = self.time_s
        return json.dumps(records).encode()


class Device:
    """One device on one UDP socket."""

    def __init__(self, port, imei, host="127.0.0.1"):
        self.imei = imei
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect((host, port))
        self.message_id = int.from_bytes(os.urandom(2), "big")
        self.location = None
        self.pending = []    # what came while something else was waited for
        self.answered = {}   # message_id of a request: what was answered

    def close(self):
        self.socket.close()

    def next_id(self):
        self.message_id = self.message_id + 1 & 0xFFFF
        return self.message_id

    def receive(self, timeout_s=PATIENCE_S):
        self.socket.settimeout(timeout_s)
        return Message(self.socket.recv(2048))

    def request(self, code, options, payload=b"", timeout_s=PATIENCE_S, repeats=1):
        """Send a confirmable request and return its answer; other messages that come meanwhile are kept."""
        message_id, token = self.next_id(), os.urandom(4)
        data = message_bytes(CON, code, message_id, token, options, payload)
        for _ in range(repeats):
            self.socket.send(data)
        while True:
            answer = self.receive(timeout_s)
            if answer.kind == ACK and answer.message_id == message_id:
                return answer
            self.pending.append(answer)

    def register(self, endpoint=None, lifetime_s=86400, timeout_s=PATIENCE_S):
        endpoint = endpoint or "urn:imei:%015d" % self.imei
        answer = self.request(
            POST,
            [(URI_PATH, "rd"), (CONTENT_FORMAT, LINK_FORMAT), (URI_QUERY, "ep=" + endpoint),
             (URI_QUERY, "lt=%d" % lifetime_s), (URI_QUERY, "lwm2m=1.1"), (URI_QUERY, "b=U"), (URI_QUERY, "Q")],
            b"</1/0>,</3/0>,</4/0>,</3424/0>,</33424/0>", timeout_s,
        )
        if answer.code == CREATED:
            self.location = [value.decode() for value in answer.values(LOCATION_PATH)]
        return answer

    def send(self, payload, content_format=SENML_CBOR, timeout_s=PATIENCE_S, repeats=1):
        return self.request(POST, [(URI_PATH, "dp"), (CONTENT_FORMAT, content_format)], payload, timeout_s, repeats)

    def wait_request(self, timeout_s=PATIENCE_S):
        """The next request of the platform. One that comes again, because the first answer was slow, is answered again."""
        while True:
            message = self.pending.pop(0) if self.pending else self.receive(timeout_s)
            if message.message_id in self.answered and message.kind == CON:
                self.socket.send(self.answered[message.message_id])
            elif message.kind in (CON, NON) and 1 <= message.code <= 7:
                return message

    def answer(self, request, code, options=(), payload=b""):
        answer = message_bytes(ACK, code, request.message_id, request.token, options, payload)
        self.answered[request.message_id] = answer
        self.socket.send(answer)
