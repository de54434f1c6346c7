"""meterworks decode: frames by argument, file and standard input, as text and JSON, in both languages."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
RECHARGE = "42021234abcdb533333432340130013610ff303d2737272c313d273530303027"


def decode(*arguments, text=""):
    return subprocess.run([PROGRAM, "decode", *arguments], input=text, capture_output=True, text=True, check=False)


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
        self.assertIn("LwM2M Execute (/33424/0/6 Recharge)", told.stdout)
        self.assertIn("code: 0.02 (POST)  [RFC 7252 5.8.2]", told.stdout)
        self.assertIn('1 amount, 0.01 yuan: "5000"', told.stdout)

    def test_arguments_together_are_one_frame(self):
        self.assertEqual(decode(*[RECHARGE[i:i + 2] for i in range(0, len(RECHARGE), 2)]).stdout,
                         decode(RECHARGE).stdout)

    def test_chinese_is_complete(self):
        told = decode("--language", "zh", RECHARGE)
        self.assertIn("LwM2M 执行 (/33424/0/6 充值)", told.stdout)
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
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(lines)
            file.flush()
            self.assertEqual(decode("--file", file.name).stdout, told.stdout)

    def test_one_bad_line_does_not_hide_the_others(self):
        told = decode(text="zz\n6000eff6\n")
        self.assertEqual(told.returncode, 1)
        self.assertIn("standard input line 1", told.stderr)
        self.assertIn("message ID: 61430", told.stdout)

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
        self.assertEqual(len(frames), 8)
        told = [decode(*frame.split()) for frame in frames]
        self.assertEqual([each.returncode for each in told], [0] * 8)
        for each, words in zip(told, ("Register (/rd)", "Address: \"20261100004711\"", "leak with closed valve",
                                      "0 valve command: \"close\"", "amount, 0.01 yuan: \"5000\"", "Stagger factor: 3.6 s",
                                      "up to 15 m3: 2.95 yuan/m3", "Read-Composite")):
            self.assertIn(words.lower(), each.stdout.lower())

    def rows_check(self, rows, frame):
        for row in rows:
            self.assertLessEqual(row["offset"] + row["size"], len(frame))
            shown = bytes.fromhex(row["bytes"])
            self.assertEqual(shown, frame[row["offset"]:row["offset"] + row["size"]][:64])
            self.assertTrue(row["name"] and row["clause"])
            self.rows_check(row.get("children", []), frame)


if __name__ == "__main__":
    unittest.main()
