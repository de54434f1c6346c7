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


def timeline_of(config, **given):
    return json.dumps({"kind": "prepaid_timeline", "config": config, "input": {
        "balance_fen": 1, "daily_charge_fen": 1, "from": "2026-05-22", "to": "2026-05-23", **given}})


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

    def test_bad_input_is_named_and_never_rated(self):
        bad = {
            '{"tariff": "W-SZ", "input": {"qty": 9223372036854775808}}': "too big integer",
            '{"tariff": "W-SZ", "input": {"qty": NaN}}': "invalid token",
            '{"tariff": "W-SZ", "input": {"qty": 1, "qty": 2}}': "duplicate object key",
            '{"tariff": "W-SZ", "input": {"qty": "1e5"}}': "qty must be a decimal",
            '{"tariff": "W-SZ", "input": {"qty": "9223372036854775807"}}': "qty must be a decimal",
            '{"tariff": "W-SZ", "input": {"qty": -1}}': "quantity is out of range",
            '{"kind": "late_fee", "input": {"principal_fen": 9223372036854775807, "rate_day": 1, "due": "2026-01-01", "paid": '
            '"2026-01-02"}}': "principal_fen must not be negative or too large",
            '{"kind": "apportion", "input": {"cost_fen": -9223372036854775808, "weights": [1]}}': "beyond the permitted range",
            '{"kind": "apportion", "input": {"cost_fen": 5, "weights": [1, -1]}}': "input.weights[1] must not be negative",
            '{"kind": "barter", "input": {}}': "kind is not a known kind",
            '{"kind": 5, "input": {}}': "kind is not a known kind",
            '{"tariff": {"limits": [30, 22], "items": [{"name": "w", "price": 1}]}, "input": {"qty": 1}}': "limits must rise",
            '{"tariff": {"items": [{"name": "w", "price": 1}, {"name": "w", "price": 2}]}, "input": {"qty": 1}}': "already taken",
            '{"tariff": {"items": [{"name": "w", "price": -1}]}, "input": {"qty": 1}}': "items[0].price must not be negative",
            '{"tariff": {"items": [{"name": "w", "price": "99999999999999999999"}]}, "input": {"qty": 1}}': "items[0].price",
            '{"tariff": {"items": [{"name": "w", "tou_prices": {"a": 1}}], "tou_schedule": [{"period": "a", "from": "07:00", "to": '
            '"23:00"}]}, "input": {"qty": 1}}': "leaves a gap: no period from 00:00",
            '{"kind": "hot_water_session", "input": {"litres": 1, "temp_c": 40, "price_per_t": [[0, 38, 3], [30, 99, 9]]}}':
                "without gap or overlap",
            '{"kind": "hot_water_session", "input": {"litres": 1, "temp_c": 30, "price_per_t": [[38, 45, 3], [45, 99, 9]]}}':
                "below the lowest band",
            '{"kind": "apportion", "input": {"cost_fen": 5, "weights": [0, 0]}}': "input.weights must not all be 0",
            '{"kind": "apportion", "input": {"cost_fen": "12.40", "weights": [1]}}': "cost_fen must be a whole number",
            '{"kind": "apportion", "input": {"cost_fen": 5, "weights": [1], "by": []}}': "by must be a word",
            '{"tariff": "W-BJ", "input": {"qty": 3, "persons": 2.5}}': "persons must be a whole number",
            '{"tariff": "W-BJ", "input": {"qty": "3.00001"}}': "qty must be a decimal of at most 4 places",
            '{"tariff": {"items": [{"name": "w", "price": 1}], "min_charge": "0.005"}, "input": {"qty": 1}}':
                "min_charge must be yuan with at most 2 places",
            '{"tariff": "W-BJ", "input": [3]}': "input must be an object",
            '{"tariff": 7, "input": {"qty": 3}}': "tariff must be a document or the name of a price table",
            '{"tariff": "E-ZJ TOU", "input": {"tou": {}}}': "input.tou must be an object of period and quantity",
            '{"kind": "price_change", "method": "by_day", "input": {"old": {"prices": [1, 2]}, "new": {"price": 2}}}':
                "input.old.items[0].prices",
            '{"kind": "price_change", "method": "by_day", "input": {"old": {"price": 1}}}': "input.new is missing",
            '{"kind": "price_change", "input": {"cycle": 12, "old": {"price": 1}, "new": {"price": 2}}}': "input.old.cycle must be one of",
            '{"kind": "two_part_business", "input": {"kwh": 9, "energy_price": 1, "power_factor": "0.8", "pf_standard": "0.9", '
            '"pf_rate_per_step_below": "0.005", "pf_base": "everything"}}': "pf_base must be",
            '{"kind": "close_account", "input": {"wallet_fen": 9223372036854775807}}': "wallet_fen is too large",
            **{timeline_of(config, **given): words for config, given, words in (
                ({}, {"recharge": {"at": "2026-05-26T12:00", "fen": 2000}}, "recharge must be an array"),
                ({"holidays": "2026-05-25"}, {}, "holidays must be an array"),
                ({"exempt": "yes"}, {}, "exempt must be true or false"),
                ({"overdraft_fen": -1}, {}, "overdraft_fen must not be negative"),
                ({"low_balance_fen": 9223372036854775807}, {}, "low_balance_fen is too large"),
                ([], {}, "config must be an object"),
                ({}, {"daily_charge_fen": -1}, "daily_charge_fen must not be negative"))},
            '{"kind": "price_change", "input": {"prev_read": "2025-05-16", "cur_read": "2025-06-15", "change": "2025-06-01", "qty": 30, '
            '"old": {"price": 1}, "new": {"price": 2}}}': "input.qty_before_change is missing",
            '{"kind": "price_change", "method": "by_week", "input": {"prev_read": "2025-05-16", "cur_read": "2025-06-15", "change": '
            '"2025-06-01", "qty": 30, "old": {"price": 1}, "new": {"price": 2}}}': "method must be snapshot, by_day or by_reading_date",
        }
        told = rate(text="\n".join(bad))
        self.assertEqual(told.returncode, 1)
        answers = [json.loads(line) for line in told.stdout.splitlines()]
        self.assertEqual(len(answers), len(bad))
        for words, answer, line in zip(bad.values(), answers, told.stderr.splitlines()):
            self.assertEqual(set(answer), {"error"}, words)
            self.assertIn(words, f'{answer["error"]["path"]} {answer["error"]["text"]}')
            self.assertIn(words, line)

    def test_the_method_of_a_price_change_may_stand_in_the_input(self):
        case = {"prev_read": "2025-05-16", "cur_read": "2025-06-15", "change": "2025-06-01", "qty": 30, "old": {"price": 1},
                "new": {"price": 2}}
        told = rate(text="\n".join(json.dumps({"kind": "price_change", **place, "input": {**case, **inner}}) for place, inner in (
            ({"method": "by_day"}, {}), ({}, {"method": "by_day"}), ({}, {"qty_before_change": 10}))))
        self.assertEqual([json.loads(line).get("total_fen") for line in told.stdout.splitlines()], [4500, 4500, 5000])

    def test_a_line_beyond_the_bound_is_skipped_whole(self):
        told = rate(text="x" * 70000 + '\n{"tariff": "W-SZ", "input": {"qty": 0}}\n')
        self.assertEqual(told.returncode, 1)
        self.assertIn("line 1: case is longer", told.stderr)
        self.assertEqual([json.loads(line).get("total_fen") for line in told.stdout.splitlines()], [None, 0])

    def test_a_line_is_taken_with_every_byte_it_holds(self):
        good = b'{"tariff": "W-SZ", "input": {"qty": 35}}'
        lines = [good + b"\0rest", b"\0", b"\0" + b"x" * 70000, b'{"id": "\xff"}', good + b"\r", b"\r", good]
        told = subprocess.run([PROGRAM, "rate"], input=b"\n".join(lines), capture_output=True, check=False)
        self.assertEqual(told.returncode, 1)
        answers = [json.loads(line).get("total_fen") for line in told.stdout.splitlines()]
        self.assertEqual(answers, [None, None, None, None, 17943, 17943])
        self.assertEqual(told.stderr.count(b"case is not a JSON object"), 3)

    def test_a_long_name_is_cut_between_its_characters(self):
        for shift in range(3):
            name = "a" * shift + "夏" * 20
            told = rate(text=json.dumps({"tariff": {"season_limits": {name: [1]}, "items": []}}, ensure_ascii=False))
            self.assertTrue(name.startswith(json.loads(told.stdout)["error"]["path"].removeprefix("season_limits.")))

    def test_files_and_options_that_do_not_exist_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(rate(os.path.join(folder, "nothing")).returncode, 1)
        self.assertEqual(rate("--what").returncode, 2)
        self.assertEqual(rate("--help").returncode, 0)


if __name__ == "__main__":
    unittest.main()
