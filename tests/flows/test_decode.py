"""meterworks decode: frames by argument, file and standard input, as text and JSON, in both languages."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
RECHARGE = "42021234abcdb533333432340130013610ff303d2737272c313d273530303027"


def decode(*arguments, text=""):
    return subprocess.run([PROGRAM, "decode", *arguments], input=text, capture_output=True, text=True, check=False)


def cells(text):
    """The table with one blank bar between its columns, however wide they are."""
    return re.sub(r" {2,}", " | ", text)


def vectors(folder):
    for path in sorted((ROOT / "tests" / "vectors" / folder).glob("*.vec")):
        for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            if "hex" in fields:
                yield path.name, fields


class DecodeTest(unittest.TestCase):
    def test_a_frame_is_told_field_by_field(self):
        told = decode(RECHARGE)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertTrue(told.stdout.startswith("CoAP and LwM2M over UDP, 32 bytes, valid\n"))
        self.assertIn("LwM2M Execute | /33424/0/6 Recharge", cells(told.stdout))
        self.assertIn(" 1 | 02 | code | 0.02 | POST | RFC 7252 5.8.2", cells(told.stdout))
        self.assertIn('1 amount, 0.01 yuan | "5000"', cells(told.stdout))

    def test_items_have_units_in_ascii_and_words_for_states(self):
        told = decode("--json", "68107856340012000081 16901F05 563412002C 000012002C 30151009072620 0400 8C16")
        items = {item["quantity"]: item for item in json.loads(told.stdout)["items"]}
        self.assertEqual((items["volume"]["value"], items["volume"]["unit"]), ("1200.00", "m3"))
        self.assertEqual(items["valve"]["meaning"], "open")
        self.assertNotIn("meaning", items["volume"])

    def test_columns_are_aligned_in_both_languages(self):
        for language, clause in (("en", "clause"), ("zh", "条款")):
            lines = decode("--language", language, RECHARGE).stdout.splitlines()[1:]
            wide = [sum(2 if ord(c) > 0x2e80 else 1 for c in line[:line.rindex(clause if i == 0 else "RFC")])
                    for i, line in enumerate(lines) if i == 0 or "RFC" in line]
            self.assertEqual(len(set(wide)), 1, lines)

    def test_a_frame_may_be_written_in_many_ways(self):
        pairs = [RECHARGE[i:i + 2] for i in range(0, len(RECHARGE), 2)]
        plain = decode(RECHARGE).stdout
        for arguments in (pairs, [" ".join(pairs)], [":".join(pairs)], ["-".join(pairs)], [RECHARGE.upper()],
                          ["0x" + ", 0x".join(pairs)], ["0x" + RECHARGE], [RECHARGE[:20], RECHARGE[20:]]):
            self.assertEqual(decode(*arguments).stdout, plain, arguments)

    def test_what_a_log_writes_in_front_is_passed_over(self):
        plain = decode(RECHARGE).stdout
        for front in ("2026-07-09 10:15:30.250 ", "2026-07-09T10:15:30Z ", "[10:15:30] TX: ", "10:15:30 -> ", "recv: ",
                      "1783563330.250 master->meter ", "发送：".replace("：", ":"), "10:15:30 发送 ", "2026/07/09 "):
            front += "" if front.endswith(" ") else " "
            told = decode(text=f"{front}{RECHARGE}\n")
            self.assertEqual(told.stdout, "line 1: " + plain, front + told.stderr)
        bytes_that_look_like_a_time = decode("--json", "--protocol", "coap", text="10:15:30\n")
        self.assertEqual(json.loads(bytes_that_look_like_a_time.stdout)["size"], 3)

    def test_options_may_follow_the_frame(self):
        self.assertEqual(decode(RECHARGE, "--json").stdout, decode("--json", RECHARGE).stdout)

    def test_bytes_on_a_pipe_and_in_a_file_are_a_stream(self):
        with tempfile.NamedTemporaryFile("wb", suffix=".bin") as file:
            file.write(b"\x00\x01" + bytes.fromhex(RECHARGE))
            file.flush()
            told = decode("--json", "--file", file.name)
        self.assertEqual(told.returncode, 1, "no protocol finds this frame in a stream")
        self.assertEqual(json.loads(told.stdout.splitlines()[-1]),
                         {"stream_size": 34, "frames": 0, "bytes_of_no_frame": 34})

    def test_a_key_is_32_digits(self):
        key = "000102030405060708090a0b0c0d0e0f"
        self.assertEqual(decode("--key", key, RECHARGE).returncode, 0)
        for arguments in (["--key", key[1:]], ["--key", key + "00"], ["--key", "x" * 32], ["--key-file", "/nonexistent"]):
            told = decode(*arguments, RECHARGE)
            self.assertEqual(told.returncode, 2, arguments)
            self.assertNotIn(key[1:], told.stdout + told.stderr)
        self.assertEqual(decode("--key", "-", text=f"{key}\n{RECHARGE}\n").returncode, 0)
        self.assertEqual(decode("--key", "-", RECHARGE, text="short\n").returncode, 2)

    def test_chinese_is_complete(self):
        told = decode("--language", "zh", RECHARGE)
        self.assertIn("LwM2M 执行 | /33424/0/6 充值", cells(told.stdout))
        for word in ("version", "token length", "payload", "bytes", "confirmable"):
            self.assertNotIn(word, told.stdout)

    def test_damage_tells_reason_and_offset(self):
        told = decode("40010000f0ff00")
        self.assertEqual(told.returncode, 1)
        self.assertIn("damaged at offset 4: a reserved value is used", told.stdout)
        self.assertIn("报文损坏，偏移 4: 使用了保留值", decode("--language", "zh", "40010000f0ff00").stdout)

    def test_lines_of_standard_input_and_files(self):
        lines = "# two frames\n%s\n\n  6000eff6   # an empty acknowledgement\n" % RECHARGE
        told = decode(text=lines)
        self.assertEqual((told.returncode, told.stdout.count("CoAP and LwM2M over UDP")), (0, 2))
        self.assertIn("line 2: CoAP", told.stdout)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(lines)
            file.flush()
            self.assertEqual(decode("--file", file.name).stdout, told.stdout)

    def test_one_bad_line_does_not_hide_the_others(self):
        told = decode(text="zz\n6000eff6\n")
        self.assertEqual(told.returncode, 1)
        self.assertIn("standard input line 1", told.stderr)
        self.assertIn("message ID | 61430", cells(told.stdout))
        lines = [json.loads(line) for line in decode("--json", text="zz\n6000eff6\n").stdout.splitlines()]
        self.assertEqual([(line["line"], line["valid"]) for line in lines], [(1, False), (2, True)])

    def test_wrong_usage_is_2(self):
        for arguments in (["--nonsense", "00"], ["--protocol", "pigeon", "00"], ["--language", "fr", "00"], ["xyz"],
                          ["--protocol"], ["123"]):
            self.assertEqual(decode(*arguments).returncode, 2, arguments)
        self.assertEqual(decode("--file", "/nonexistent").returncode, 1)
        self.assertEqual(decode("--help").returncode, 0)

    def test_every_coap_vector_has_rows_inside_the_frame(self):
        cases = list(vectors("coap"))
        lines = decode("--json", "--protocol", "coap", text="\n".join(fields["hex"] for _, fields in cases)).stdout
        told = [json.loads(line) for line in lines.splitlines()]
        self.assertEqual(len(told), len(cases))
        for (name, fields), frame in zip(cases, told):
            with self.subTest(name + " " + fields["id"]):
                self.rows_check(frame["fields"], bytes.fromhex(fields["hex"]))
                if fields["want"] == "invalid":
                    self.assertFalse(frame["valid"])
                    self.assertLessEqual(frame["error_offset"], frame["size"])

    def test_frames_of_the_protocol_page_are_valid(self):
        page = (ROOT / "docs" / "water-meter-protocol.md").read_text(encoding="utf-8")
        frames = [block.split("```")[0] for block in page.split("```frame")[1:]]
        self.assertEqual(len(frames), 9)
        told = [decode(*frame.split()) for frame in frames]
        self.assertEqual([each.returncode for each in told], [0] * 9)
        for each, words in zip(told, ("Register | /rd", "Address | \"20261100004711\"", "leak with closed valve",
                                      "register | 1234.567 m3",
                                      "0 valve command | \"close\"", "amount, 0.01 yuan | \"5000\"",
                                      "Stagger factor | 3.6 s", "up to 15 m3: 2.95 yuan/m3", "Read-Composite")):
            self.assertIn(words.lower(), cells(each.stdout).lower())

    def test_the_consoles_examples_are_what_they_say(self):
        page = (ROOT / "console" / "src" / "pages" / "explainerSamples.ts").read_text(encoding="utf-8")
        samples = re.findall(r"protocol: '([\w-]+)', hex: '(\w+)'(?:, key: '(\w+)')?", page)
        self.assertEqual([name for name, _, _ in samples],
                         ["dlt645", "cjt188", "q376", "mbus", "wmbus", "manhole", "hotwater", "coap"])
        for name, frame, key in samples:
            with self.subTest(name):
                told = decode("--json", *(["--key", key] if key else []), frame)
                explained = json.loads(told.stdout)
                self.assertEqual((told.returncode, explained["protocol"]), (0, name))
                self.assertNotIn("error", explained)
                self.assertTrue(explained["items"] or name == "coap")

    def rows_check(self, rows, frame):
        for row in rows:
            self.assertLessEqual(row["offset"] + row["size"], len(frame))
            shown = bytes.fromhex(row["bytes"])
            self.assertEqual(shown, frame[row["offset"]:row["offset"] + row["size"]][:64])
            self.assertTrue(row["name"] and row["clause"])
            self.rows_check(row.get("children", []), frame)


if __name__ == "__main__":
    unittest.main()
