"""meterworks rate: worked bills from files and standard input, and what it says about wrong ones."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
VECTORS = sorted((ROOT / "tests" / "vectors" / "tariffs").glob("*.jsonl"))


def rate(*arguments, text=""):
    return subprocess.run([PROGRAM, "rate", *map(str, arguments)], input=text, capture_output=True, text=True, check=False)


class RateTest(unittest.TestCase):
    def test_every_worked_bill_comes_out_as_expected(self):
        cases = [json.loads(line) for path in VECTORS for line in path.read_text(encoding="utf-8").splitlines()]
        told = rate(*VECTORS)
        self.assertEqual(told.returncode, 0, told.stderr)
        answers = [json.loads(line) for line in told.stdout.splitlines()]
        self.assertEqual([answer["id"] for answer in answers], [case["id"] for case in cases])
        for case, answer in zip(cases, answers):
            self.assertEqual({name: answer.get(name) for name in case["expect"]}, case["expect"], case["id"])

    def test_a_wrong_line_is_named_and_the_others_are_rated(self):
        good = '{"id": "good", "tariff": "W-SZ", "input": {"qty": 35}}'
        told = rate(text=good + "\n\n{\"id\": 7, \"tariff\": \"W-SZ\", \"input\": {\"qty\": \"x\"}}\nno json\n" + good)
        self.assertEqual(told.returncode, 1)
        answers = [json.loads(line) for line in told.stdout.splitlines()]
        self.assertEqual([answer.get("total_fen") for answer in answers], [17943, None, None, 17943])
        self.assertEqual(answers[1]["id"], 7)
        self.assertEqual(answers[1]["error"]["path"], "qty")
        self.assertTrue(answers[1]["error"]["text_zh"])
        self.assertIn("standard input line 3: qty must be a decimal", told.stderr)
        self.assertIn("standard input line 4: case is not a JSON object", told.stderr)

    def test_a_mistake_in_a_tariff_is_explained_at_its_place(self):
        told = rate(text='{"tariff": {"limits": [22, 30], "items": [{"name": "w", "prices": ["1", "2"]}]}, "input": {"qty": 1}}')
        self.assertEqual(told.returncode, 1)
        self.assertIn("items[0].prices needs one price for each tier", told.stderr)

    def test_a_line_beyond_the_bound_is_skipped_whole(self):
        told = rate(text="x" * 70000 + '\n{"tariff": "W-SZ", "input": {"qty": 0}}\n')
        self.assertEqual(told.returncode, 1)
        self.assertIn("line 1: case is longer", told.stderr)
        self.assertEqual([json.loads(line).get("total_fen") for line in told.stdout.splitlines()], [None, 0])

    def test_files_and_options_that_do_not_exist_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(rate(os.path.join(folder, "nothing")).returncode, 1)
        self.assertEqual(rate("--what").returncode, 2)
        self.assertEqual(rate("--help").returncode, 0)


if __name__ == "__main__":
    unittest.main()
