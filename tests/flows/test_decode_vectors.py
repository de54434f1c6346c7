"""meterworks decode over every vector of every meter protocol: the protocol is found, the exit status is right, address and
values are those of the vector; all valid frames of all protocols are found again in one stream; damage ends with 1."""

import collections
import decimal
import functools
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
PROTOCOLS = ["dlt645", "cjt188", "q376", "mbus", "wmbus", "manhole", "hotwater"]

# Members of a meaning that say how the frame is built, not what was measured.
STRUCTURE = {"preamble_FE", "length", "l", "ser", "sequence", "key_version", "weekday", "a", "version", "type"}


def entries(protocol):
    return [entry for path in sorted((ROOT / "tests" / "vectors" / protocol).glob("*.json"))
            for entry in json.loads(path.read_text(encoding="utf-8"))]


def is_valid(entry):
    return entry["meaning"].get("valid", entry["meaning"].get("frame_valid"))


@functools.cache
def decode(*arguments, text=None):
    """Several tests look at the same answer; the program is run for it once."""
    return subprocess.run([PROGRAM, "decode", "--json", *arguments], input=text, capture_output=True, text=True,
                          check=False)


def decode_entry(entry, *arguments):
    key = ["--key", entry["key"]] if entry.get("key") else []
    told = decode(*key, *arguments, entry["hex"])
    return told.returncode, json.loads(told.stdout)


def number(text):
    word = str(text).split(" ")[0]
    try:
        return decimal.Decimal(int(word, 16)) if word.startswith("0x") else decimal.Decimal(word)
    except (decimal.InvalidOperation, ValueError):
        return None


def is_same_number(expected, text):
    """Equal, or as near as the binary fraction that the vector's value went through."""
    got, wanted = number(text), decimal.Decimal(repr(expected))
    return got is not None and abs(got - wanted) <= abs(wanted) * decimal.Decimal("1e-6")


def rows_of(fields):
    for field in fields:
        yield field
        yield from rows_of(field.get("children", []))


def address_of(meaning):
    if "a1_region" in meaning:
        return f"{meaning['a1_region']}{meaning['a2_terminal']:04X}"
    return meaning.get("address") or meaning.get("header", {}).get("id") or meaning.get("id")


class VectorsTest(unittest.TestCase):
    def check_each(self, check):
        for protocol in PROTOCOLS:
            for entry in entries(protocol):
                with self.subTest(protocol=protocol, hex=entry["hex"]):
                    check(protocol, entry)

    def test_there_are_vectors(self):
        counts = {protocol: len(entries(protocol)) for protocol in PROTOCOLS}
        for protocol in PROTOCOLS[:5]:
            self.assertGreater(counts[protocol], 30, protocol)

    def test_protocol_exit_status_and_address(self):
        def check(protocol, entry):
            status, frame = decode_entry(entry)
            self.assertEqual(frame["protocol"], protocol)
            self.assertEqual((status, frame["valid"]), (0, True) if is_valid(entry) else (1, False))
            self.assertEqual(frame["bytes"], entry["hex"].lower())
            if not is_valid(entry):
                self.assertLessEqual(frame["error_offset"], frame["size"])
                return
            address = address_of(entry["meaning"])
            if address is not None:
                shown = {row["value"].split(" ")[0].upper() for row in rows_of(frame["fields"])} | {frame.get("address")}
                self.assertIn(address.upper(), shown)
        self.check_each(check)

    def test_every_byte_of_a_valid_frame_is_explained(self):
        def check(protocol, entry):
            if not is_valid(entry):
                return
            _, frame = decode_entry(entry)
            told = set()
            for row in rows_of(frame["fields"]):
                told |= set(range(row["offset"], row["offset"] + row["size"]))
                self.assertTrue(row["name"] and row["clause"], row)
            self.assertEqual(set(range(frame["size"])) - told, set())
        self.check_each(check)

    def test_measured_numbers_are_found(self):
        """DL/T 645 and CJ/T 188 name each number of a frame in the meaning."""
        for protocol in ("dlt645", "cjt188"):
            for entry in entries(protocol):
                if not is_valid(entry):
                    continue
                _, frame = decode_entry(entry)
                for name, expected in entry["meaning"].items():
                    if isinstance(expected, bool) or not isinstance(expected, (int, float)) or name in STRUCTURE:
                        continue
                    with self.subTest(protocol=protocol, hex=entry["hex"], name=name):
                        shown = [item["value"] for item in frame["items"]]
                        shown += [row["value"] for row in rows_of(frame["fields"])]
                        self.assertTrue(any(is_same_number(expected, text) for text in shown), shown)

    def test_records_are_items_in_their_order(self):
        """M-Bus records, wired and wireless: one item each."""
        for protocol in ("mbus", "wmbus"):
            for entry in entries(protocol):
                records = entry["meaning"].get("records")
                if not records or not is_valid(entry) or entry["meaning"].get("decrypt_verified") is False:
                    continue
                _, frame = decode_entry(entry)
                with self.subTest(protocol=protocol, hex=entry["hex"]):
                    self.assertEqual(len(frame["items"]), len(records))
                    for record, item in zip(records, frame["items"]):
                        self.record_check(record, item)

    def record_check(self, record, item):
        if "manufacturer_specific" in record:
            self.assertEqual((item["value"] or "").lower(), record["manufacturer_specific"].lower())
            return
        self.assertEqual((item.get("storage", 0), item.get("tariff", 0), item.get("subunit", 0)),
                         (record["storage"], record["tariff"], record["subunit"]), record)
        self.assertEqual(item.get("function", "inst")[:3], record["function"][:3], record)
        expected = None if record["quantity"].startswith("unknown") else record.get("value")
        if isinstance(expected, (int, float)) and item["quality"] != "invalid" and "modifier" not in item:
            self.assertTrue(is_same_number(expected, item["value"]), (record, item))

    def test_a_wrong_key_opens_nothing(self):
        for entry in entries("wmbus"):
            if entry["meaning"].get("decrypt_verified") is False:
                status, frame = decode_entry(entry)
                self.assertEqual((status, frame["valid"], frame["items"]), (0, True, []))
                self.assertIn("the key does not fit", [row["meaning"] for row in rows_of(frame["fields"])])

    def test_without_the_key_protected_values_stay_closed(self):
        for entry in entries("wmbus"):
            if entry.get("key") and entry["meaning"].get("decrypt_verified"):
                told = decode(entry["hex"])
                with self.subTest(hex=entry["hex"]):
                    self.assertEqual((told.returncode, json.loads(told.stdout)["valid"]), (0, True))
                    self.assertLess(len(json.loads(told.stdout)["items"]), len(decode_entry(entry)[1]["items"]) or 1)


class StreamTest(unittest.TestCase):
    @staticmethod
    def findable(protocol, entry):
        """Has the frame start, end or check sum by which it can be found? A telegram without check sums has not."""
        return is_valid(entry) and (protocol != "wmbus" or entry["meaning"].get("dll_crc") not in (None, "removed"))

    def test_frames_of_all_protocols_are_found_between_junk(self):
        chance = random.Random(20261121)
        frames = [(protocol, bytes.fromhex(entry["hex"])) for protocol in PROTOCOLS for entry in entries(protocol)
                  if self.findable(protocol, entry)]
        chance.shuffle(frames)
        stream, wanted = b"", []
        for protocol, frame in frames:
            stream += bytes(chance.choice(b"\x00\x01\x02\x55\xaa\xff") for _ in range(chance.randrange(5)))
            wanted.append((len(stream), protocol, frame.hex()))
            stream += frame
        with tempfile.NamedTemporaryFile("wb", suffix=".bin") as file:
            file.write(stream)
            file.flush()
            told = decode("--stream", "--file", file.name)
        objects = [json.loads(line) for line in told.stdout.splitlines()]
        found = {(each["stream_offset"], each["protocol"], each["bytes"]) for each in objects[:-1] if each["protocol"]}
        self.assertEqual([each for each in wanted if each not in found], [])
        self.assertEqual(sum(each["size"] for each in objects[:-1]), len(stream))
        self.assertEqual(told.returncode, 0)

    def test_hexadecimal_over_many_lines_is_a_stream_too(self):
        hexes = [next(entry["hex"] for entry in entries(protocol) if is_valid(entry)) for protocol in ("dlt645", "cjt188")]
        digits = "00" + hexes[0] + "ffff" + hexes[1]
        lines = "\n".join(digits[i:i + 20] for i in range(0, len(digits), 20))
        told = [json.loads(line) for line in decode("--stream", text=lines).stdout.splitlines()]
        self.assertEqual([each["protocol"] for each in told[:-1]], [None, "dlt645", None, "cjt188"])
        self.assertEqual(told[-1], {"stream_size": len(digits) // 2, "frames": 2, "bytes_of_no_frame": 3})

    def test_arguments_are_a_stream_when_asked_or_when_they_are_a_row_of_frames(self):
        hexes = [next(entry["hex"] for entry in entries(protocol) if is_valid(entry)) for protocol in ("dlt645", "q376")]
        for arguments, wanted in ((["--stream", "00" + hexes[0] + "ffff", hexes[1]], [None, "dlt645", None, "q376"]),
                                  (["".join(hexes)], ["dlt645", "q376"]),
                                  (["7b090010" + b"13812345678".hex() + "7b" + hexes[0]], ["dtu", "dlt645"])):
            told = decode(*arguments)
            with self.subTest(arguments=arguments):
                objects = [json.loads(line) for line in told.stdout.splitlines()]
                self.assertEqual([each["protocol"] for each in objects[:-1]], wanted)
                self.assertEqual((told.returncode, objects[-1]["frames"]), (0, 2))

    def test_a_frame_with_a_byte_too_many_is_no_row_of_frames(self):
        told = decode(next(entry["hex"] for entry in entries("dlt645") if is_valid(entry)) + "00")
        self.assertEqual((told.returncode, json.loads(told.stdout)["valid"]), (1, False))


class DamageTest(unittest.TestCase):
    """Check sums prove every single flipped bit; a frame that is cut is never whole. Telegrams whose check sums were
    removed prove nothing, so of wireless M-Bus only the cut is asked for."""

    def verdicts(self, protocol, frames):
        told = decode("--protocol", protocol, text="".join(frame.hex() + "\n" for frame in frames))
        self.assertIn(told.returncode, (0, 1), told.stderr[-2000:])
        verdicts = [json.loads(line)["valid"] for line in told.stdout.splitlines()]
        self.assertEqual(len(verdicts), len(frames))
        return told.returncode, verdicts

    def samples(self, protocol, count):
        frames = sorted({bytes.fromhex(entry["hex"]) for entry in entries(protocol) if is_valid(entry)}, key=len)
        return frames[::max(1, len(frames) // count)]

    def test_a_frame_that_is_cut_is_damaged(self):
        for protocol in PROTOCOLS:
            for frame in self.samples(protocol, 12):
                with self.subTest(protocol=protocol, hex=frame.hex()):
                    cuts = [frame[:size] for size in range(1, len(frame))]
                    if cuts:
                        status, verdicts = self.verdicts(protocol, cuts)
                        self.assertEqual((status, set(verdicts)), (1, {False}))

    def test_a_flipped_bit_is_damage(self):
        for protocol in PROTOCOLS:
            counts = collections.Counter()
            for frame in self.samples(protocol, 6):
                flips = [frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1:]
                         for at in range(len(frame)) for bit in range(8)]
                counts.update(zip([protocol] * len(flips), self.verdicts(protocol, flips)[1]))
            if protocol != "wmbus":
                self.assertEqual(counts[protocol, True], 0, protocol)


if __name__ == "__main__":
    unittest.main()
