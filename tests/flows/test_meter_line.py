"""Lines of simulated meters on a socket and on a pseudo terminal, asked by masters written for these tests alone."""

import os
import re
import select
import shutil
import signal
import subprocess
import termios
import tty
import unittest
import xml.etree.ElementTree

from installation import PROGRAM
from mbus_master import Garbage, Late, Master, SECONDARY, SILENCE_S, long_frame
from waiting import PATIENCE_S

VOLUME_L, ENERGY_10_WH = "13", "04"
FAST = ("--baud", "38400", "--delay", "4")
SEARCH_WAITS_S = (0.08, 0.08, 0.25, 0.75)  # for each of the many that are silent; a slow machine needs more of it


class Line:
    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, "meters", *FAST, *options], stdout=subprocess.PIPE, text=True)
        self.place = self.process.stdout.readline().split()
        self.meters = []

    def meters_read(self, count):
        """What the program says about its meters."""
        self.meters = [self.process.stdout.readline().split() for _ in range(count)]
        return self.meters

    def port(self):
        assert self.place[0] == "tcp"
        return int(self.place[1])

    def close(self):
        """Its last line and exit status."""
        self.process.send_signal(signal.SIGTERM)
        rest = self.process.stdout.read()
        self.process.stdout.close()
        return rest, self.process.wait(timeout=PATIENCE_S)


class LineCase(unittest.TestCase):
    def line(self, *options):
        line = Line(*options)
        self.addCleanup(lambda: line.process.poll() is None and line.close())
        return line

    def master(self, line, **options):
        master = Master(line.port(), **options)
        self.addCleanup(master.close)
        return master


class MbusLineTest(LineCase):
    def test_every_meter_is_read_by_its_primary_address(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "6", "--primary", "10")
        meters = line.meters_read(6)
        master = self.master(line)
        for _, primary, _, secondary in meters:
            self.assertTrue(master.reset(int(primary)))
            response = master.read(int(primary))
            self.assertEqual(response.address, int(primary))
            self.assertEqual("%s%s%02X%02X" % (response.number, response.maker, response.version, response.medium),
                             secondary)
            self.assertGreater(response.number_of(VOLUME_L), 0)
            self.assertEqual(response.status, 0)
        master.wait_s = SILENCE_S
        self.assertFalse(master.reset(9))

    def test_a_search_finds_all_among_collisions(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "12", "--number", "26109995", "--primary", "0")
        numbers = [words[3][:8] for words in line.meters_read(12)]
        for wait_s in SEARCH_WAITS_S:
            master = Master(line.port(), wait_s=wait_s, rest_s=wait_s)
            found = self.search(master)
            master.close()
            if found == numbers:
                break
        self.assertEqual(found, numbers)
        rest, status = line.close()
        self.assertEqual(status, 0)
        self.assertGreater(int(re.search(r"(\d+) collisions", rest).group(1)), 5)

    def search(self, master):
        try:
            return master.search("261")
        except (Garbage, Late):  # an answer came after its time, perhaps upon the next one
            return None

    def test_a_found_meter_gets_an_address(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "3", "--primary", "0", "--kind", "heat")
        numbers = [words[3][:8] for words in line.meters_read(3)]
        master = self.master(line)
        for primary, number in enumerate(numbers, 21):
            self.assertTrue(master.select(number))
            self.assertTrue(master.send(SECONDARY, bytes([0x01, 0x7A, primary])))
        for primary, number in enumerate(numbers, 21):
            response = master.read(primary)
            self.assertEqual(response.number, number)
            self.assertGreater(response.number_of(ENERGY_10_WH), 0)

    def test_two_meters_with_one_address_are_garbage_and_one_alone_is_not(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "3", "--twins")
        line.meters_read(3)
        master = self.master(line)
        with self.assertRaises(Garbage):
            master.read(1)
        self.assertEqual(master.read(3).address, 3)
        master.wait_s = SILENCE_S
        self.assertIsNone(master.read(2))

    def test_a_stranger_answers_under_another_address(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "3", "--stranger", "2")
        line.meters_read(3)
        self.assertEqual(self.master(line).read(2).address, 3)

    def test_a_babbling_device_never_goes_quiet(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "2", "--babbling", "2")
        line.meters_read(2)
        master = self.master(line)
        master.socket.settimeout(PATIENCE_S)
        heard = b""
        while len(heard) < 300:
            heard += master.socket.recv(512)

    def test_an_echo_comes_first(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "1", "--echo")
        line.meters_read(1)
        request = long_frame(0x53, 1, 0x51, b"\x7f")
        self.assertEqual(self.master(line).exchange(request, len(request) + 1), request + b"\xe5")

    def test_the_next_master_is_served_when_one_leaves(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "1")
        line.meters_read(1)
        for _ in range(3):
            master = Master(line.port())
            self.assertTrue(master.reset(1))
            master.close()


LIBMBUS_READER, LIBMBUS_SEARCHER = "mbus-tcp-request-data-multi-reply", "mbus-tcp-scan-secondary"


@unittest.skipUnless(shutil.which(LIBMBUS_READER) and shutil.which(LIBMBUS_SEARCHER), "libmbus's programs are missing")
class LibmbusTest(LineCase):
    """A master that nobody here wrote."""

    def test_libmbus_reads_what_the_other_master_reads(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "6")
        meters = line.meters_read(6)
        for _, primary, _, _ in meters:
            master = Master(line.port())
            master.reset(int(primary))
            response = master.read(int(primary))
            master.close()
            output = self.run_client(LIBMBUS_READER, "127.0.0.1", str(line.port()), primary)
            document = xml.etree.ElementTree.fromstring(output[output.index("<?xml"):].encode("latin-1"))
            self.assertEqual(document.findtext("SlaveInformation/Id"), response.number)
            self.assertEqual(document.findtext("SlaveInformation/Manufacturer"), response.maker)
            values = {record.findtext("Unit"): record.findtext("Value") for record in document.iter("DataRecord")}
            self.assertAlmostEqual(int(values["Volume (m m^3)"]), response.number_of(VOLUME_L), delta=5)

    def test_libmbus_finds_all_by_their_secondary_addresses(self):
        line = self.line("--listen", "127.0.0.1:0", "--count", "4", "--primary", "0")
        numbers = [words[3][:8] for words in line.meters_read(4)]
        output = self.run_client(LIBMBUS_SEARCHER, "127.0.0.1", str(line.port()), "2611000FFFFFFFFF")
        self.assertEqual(re.findall(r"secondary address (\d{8})", output), numbers)

    @staticmethod
    def run_client(*command):
        return subprocess.run(command, stdout=subprocess.PIPE, timeout=300, check=True).stdout.decode("latin-1")


class Cjt188LineTest(LineCase):
    def test_a_device_given_by_its_path_is_served(self):
        descriptor, device = os.openpty()
        self.addCleanup(os.close, descriptor)
        tty.setraw(descriptor, termios.TCSANOW)
        line = self.line("--serial", os.ttyname(device), "--protocol", "cjt188", "--kind", "gas", "--count", "1")
        self.assertEqual(line.place, ["serial", os.ttyname(device)])
        os.close(device)
        (_, meter_type, _, address), = line.meters_read(1)
        answer = self.ask(descriptor, int(meter_type, 16), bytes.fromhex(address)[::-1], 0x03, bytes.fromhex("810a01"))
        self.assertEqual(answer[2:9][::-1].hex(), address)
        self.assertEqual(answer[9:14].hex(), "8303810a01")

    def test_a_serial_device_carries_cjt188(self):
        line = self.line("--terminal", "--protocol", "cjt188", "--kind", "cold-water", "--count", "2",
                         "--preamble", "3")
        meters = line.meters_read(2)
        self.assertEqual(line.place[0], "serial")
        descriptor = os.open(line.place[1], os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, descriptor)
        tty.setraw(descriptor, termios.TCSANOW)
        for _, meter_type, _, address in meters:
            answer = self.ask(descriptor, int(meter_type, 16), bytes.fromhex(address)[::-1], 0x01,
                              bytes.fromhex("901f07"))
            self.assertEqual(answer[:3], b"\xfe\xfe\xfe")
            frame = answer[3:]
            self.assertEqual(frame[:2], bytes([0x68, 0x10]))
            self.assertEqual(frame[2:9][::-1].hex(), address)
            self.assertEqual(frame[9:14].hex(), "8116901f07")
            self.assertEqual(frame[18], 0x2C)
            self.assertGreater(int(frame[14:18][::-1].hex()), 0)
            self.assertEqual(frame[-2], sum(frame[:-2]) % 256)

    def ask(self, descriptor, meter_type, address, control, data):
        frame = bytes([0x68, meter_type]) + address + bytes([control, len(data)]) + data
        os.write(descriptor, b"\xfe\xfe" + frame + bytes([sum(frame) % 256, 0x16]))
        answer = b""
        while not self.is_whole(answer) and select.select([descriptor], [], [], PATIENCE_S)[0]:
            answer += os.read(descriptor, 512)
        return answer

    @staticmethod
    def is_whole(answer):
        start = answer.find(0x68)
        return start >= 0 and len(answer) > start + 10 and len(answer) >= start + 13 + answer[start + 10]


class Dlt645LineTest(LineCase):
    def test_electricity_meters_answer_on_a_socket(self):
        line = self.line("--listen", "127.0.0.1:0", "--protocol", "dlt645", "--count", "3", "--number", "4321")
        meters = line.meters_read(3)
        self.assertEqual([words[1] for words in meters], ["000000004321", "000000004322", "000000004323"])
        master = self.master(line)
        for _, number in meters:
            address = bytes.fromhex(number)[::-1]
            answer = master.exchange(self.frame(address, 0x11, bytes([0x33, 0x33, 0x34, 0x33])))
            self.assertEqual(answer[:10], b"\x68" + address + b"\x68\x91\x08")
            self.assertEqual(answer[10:14], bytes([0x33, 0x33, 0x34, 0x33]))
            kwh = bytes((byte - 0x33) % 256 for byte in answer[14:18])[::-1].hex()
            self.assertTrue(kwh.isdigit(), kwh)
            self.assertEqual(answer[-2], sum(answer[:-2]) % 256)
        master.wait_s = SILENCE_S
        self.assertEqual(master.exchange(self.frame(b"\x99" * 6, 0x16, b"\xcc" * 4)), b"")

    @staticmethod
    def frame(address, control, shifted):
        frame = b"\x68" + address + b"\x68" + bytes([control, len(shifted)]) + shifted
        return frame + bytes([sum(frame) % 256, 0x16])


class OptionsTest(unittest.TestCase):
    def test_what_cannot_be_is_said(self):
        for options, status, words in (
                (["--listen", "127.0.0.1:0", "--terminal"], 2, "usage"),
                ([], 2, "usage"),
                (["--listen", "127.0.0.1:0", "--protocol", "smoke"], 2, "mbus cjt188 dlt645"),
                (["--listen", "nonsense"], 1, "HOST:PORT"),
                (["--serial", "/nowhere/ttyS9"], 1, "No such file"),
                (["--serial", "/dev/null", "--baud", "14400"], 1, "Invalid argument"),
                (["--listen", "127.0.0.1:0", "--count", "250", "--primary", "9"], 1, "end at 250")):
            done = subprocess.run([PROGRAM, "meters", *options], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  text=True, timeout=PATIENCE_S, check=False)
            self.assertEqual(done.returncode, status, options)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
