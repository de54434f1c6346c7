"""Peers nobody here wrote: libcoap's clients register a device and report, over plain CoAP and over DTLS with a key."""

import os
import shutil
import socket
import struct
import subprocess
import time
import unittest

from coap_device import SENML_CBOR, Report
from installation import PROGRAM, Installation
from waiting import PATIENCE_S

DAY_S = 86400
ZONE_S = 28800
PLAIN_CLIENT = "coap-client-notls"
SECURED_CLIENT = "coap-client-openssl"
OBJECTS = "</1/0>,</3/0>,</4/0>,</3424/0>,</33424/0>"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_client(*arguments):
    """What the client prints: answers and, at this verbosity, codes and options."""
    done = subprocess.run(list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE_S, check=False)
    return done.stdout.decode("utf-8", "replace")


@unittest.skipUnless(shutil.which(PLAIN_CLIENT) and shutil.which(SECURED_CLIENT), "package libcoap3-bin is missing")
class CoapPeerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def device_add(self, imei, security):
        return self.house.add_device(self.building, imei, "%012d" % (imei % 10**12), security=security,
                                     installed_s=int(time.time()) - 30 * DAY_S)

    def register_uri(self, scheme, port, imei):
        return "%s://127.0.0.1:%d/rd?ep=urn:imei:%015d&lt=86400&lwm2m=1.1&b=U&Q" % (scheme, port, imei)

    def report_file(self):
        midnight = (int(time.time()) + ZONE_S) // DAY_S * DAY_S - ZONE_S
        report = Report(time_s=int(time.time()), volume_l=7817, midnight_s=midnight,
                        history_l=[7800, 7700, 7600, 7500, 7400, 7300, 7200])
        path = os.path.join(self.house.folder, "report")
        with open(path, "wb") as file:
            file.write(report.senml_cbor())
        return path

    def assert_shown(self, device_id):
        rows = self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"]
        self.assertEqual(len(rows), 7)
        self.assertEqual(max(row["register_value"] for row in rows), 7800000)

    def device_key(self, imei):
        key = subprocess.run([PROGRAM, "device-key", "--data", self.house.data, "%015d" % imei], check=True,
                             stdout=subprocess.PIPE).stdout.decode().strip()
        return bytes.fromhex(key.split()[-1])

    def imei_with_printable_key(self, first):
        """The client takes its key as an argument, which cannot hold a zero byte."""
        for imei in range(first, first + 100):
            if 0 not in self.device_key(imei):
                return imei
        raise AssertionError("a hundred keys with a zero byte each")

    def test_plain_client_registers_and_reports(self):
        imei = 861000000000001
        device_id = self.device_add(imei, "plain")
        port = free_port()
        base = (PLAIN_CLIENT, "-v", "7", "-B", "10", "-p", str(port), "-m", "post")
        said = run_client(*base, "-t", "40", "-e", OBJECTS, self.register_uri("coap", self.house.coap_port, imei))
        self.assertIn("c:2.01", said)
        self.assertIn("Location-Path:rd", said)
        said = run_client(*base, "-t", str(SENML_CBOR), "-f", self.report_file(),
                          "coap://127.0.0.1:%d/dp" % self.house.coap_port)
        self.assertIn("c:2.04", said)
        self.assert_shown(device_id)

    def test_plain_client_discovers(self):
        said = run_client(PLAIN_CLIENT, "-B", "10", "coap://127.0.0.1:%d/.well-known/core" % self.house.coap_port)
        self.assertIn("</rd>", said)

    def secured_post(self, key, identity, *arguments):
        return run_client(SECURED_CLIENT, "-v", "7", "-B", "10", "-m", "post", "-u", identity, "-k", key, *arguments)

    def test_secured_client_registers_and_reports(self):
        imei = self.imei_with_printable_key(861000000000100)
        device_id = self.device_add(imei, "psk")
        key, identity = self.device_key(imei), "urn:imei:%015d" % imei
        said = self.secured_post(key, identity, "-t", "40", "-e", OBJECTS,
                                 self.register_uri("coaps", self.house.coaps_port, imei))
        self.assertIn("c:2.01", said)
        said = self.secured_post(key, "%015d" % imei, "-t", str(SENML_CBOR), "-f", self.report_file(),
                                 "coaps://127.0.0.1:%d/dp" % self.house.coaps_port)
        self.assertIn("c:2.04", said)
        self.assert_shown(device_id)

    def test_wrong_keys_and_strangers_get_no_session(self):
        imei = self.imei_with_printable_key(861000000000300)
        device_id = self.device_add(imei, "psk")
        report = ("-t", str(SENML_CBOR), "-f", self.report_file(), "coaps://127.0.0.1:%d/dp" % self.house.coaps_port)
        said = self.secured_post(b"not-the-right-key", "urn:imei:%015d" % imei, *report)
        self.assertNotIn("c:2.0", said)
        said = self.secured_post(self.device_key(imei), "urn:imei:869999999999999", *report)
        self.assertNotIn("c:2.0", said)
        self.assertEqual(self.house.call("GET", "/devices/%d/readings" % device_id, expect=200)["items"], [])

    def test_key_of_one_device_does_not_speak_for_another(self):
        imei = self.imei_with_printable_key(861000000000500)
        self.device_add(imei, "psk")
        other = imei + 1000
        self.device_add(other, "psk")
        said = self.secured_post(self.device_key(imei), "urn:imei:%015d" % imei, "-t", "40", "-e", OBJECTS,
                                 self.register_uri("coaps", self.house.coaps_port, other))
        self.assertIn("c:4.03", said)

    def test_garbage_on_both_ports_hurts_nobody(self):
        for port in (self.house.coap_port, self.house.coaps_port):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                for size in (0, 1, 3, 13, 64, 1472, 9000):
                    sender.sendto(struct.pack(">Q", size * 2654435761) * (size // 8) + b"\x40" * (size % 8),
                                  ("127.0.0.1", port))
        said = run_client(PLAIN_CLIENT, "-B", "10", "coap://127.0.0.1:%d/.well-known/core" % self.house.coap_port)
        self.assertIn("</rd>", said)


if __name__ == "__main__":
    unittest.main()
