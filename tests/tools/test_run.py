"""tests/run must not call a broken run good: its counting is tried on outputs of every kind."""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent


def runner_load():
    loader = importlib.machinery.SourceFileLoader("tests_run", str(TESTS / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("tests_run", loader))
    sys.modules["tests_run"] = module
    loader.exec_module(module)
    return module


RUN = runner_load()


class CountTest(unittest.TestCase):
    def count(self, output, exit_code=0):
        outcome = RUN.cases_count("program", output, exit_code)
        return outcome.passed, outcome.failed, len(outcome.skipped)

    def test_cases_of_two_groups_are_added(self):
        self.assertEqual(self.count("1..2\nok 1 - a\nok 2 - b\n1..1\nok 1 - c\n"), (3, 0, 0))

    def test_failed_case_counts(self):
        self.assertEqual(self.count("1..2\nok 1 - a\nnot ok 2 - b\n# why\n", 1), (1, 1, 0))

    def test_skipped_case_is_neither(self):
        self.assertEqual(self.count("1..2\nok 1 - a\nok 2 - b # SKIP no qemu\n"), (1, 0, 1))

    def test_crash_in_the_middle_fails_the_rest(self):
        self.assertEqual(self.count("1..3\nok 1 - a\n", -11), (1, 2, 0))

    def test_early_end_with_exit_code_0_fails_the_rest(self):
        self.assertEqual(self.count("1..3\nok 1 - a\n", 0), (1, 2, 0))

    def test_leak_after_the_last_case_fails(self):
        self.assertEqual(self.count("1..1\nok 1 - a\n", 23), (1, 1, 0))

    def test_program_without_cases_counts_by_exit_code(self):
        self.assertEqual(self.count("flash 40000\n", 0), (1, 0, 0))
        self.assertEqual(self.count("flash 40000\n", 1), (0, 1, 0))

    def test_indented_cases_of_a_nested_report_are_not_counted_twice(self):
        self.assertEqual(self.count("TAP version 13\n    ok 1 - inner\nok 1 - outer\n1..1\n"), (1, 0, 0))


class UnittestReportTest(unittest.TestCase):
    def report(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "test_sample.py"
            file.write_text("import unittest\n" + textwrap.dedent(text), encoding="utf-8")
            answer = subprocess.run([sys.executable, str(TESTS / "tap_unittest"), str(file)], capture_output=True,
                                    text=True, check=False)
        outcome = RUN.cases_count("sample", answer.stdout, answer.returncode)
        return outcome.passed, outcome.failed, len(outcome.skipped)

    def test_each_ending_of_a_case(self):
        self.assertEqual(self.report("""
            class Sample(unittest.TestCase):
                def test_good(self): pass
                def test_wrong(self): self.fail("no")
                def test_broken(self): raise ValueError
                @unittest.skip("not here")
                def test_skipped(self): pass
                def test_parts(self):
                    for part in range(3):
                        with self.subTest(part=part): self.assertEqual(part, 0)
            """), (1, 3, 1))

    def test_broken_preparation_of_a_class_fails(self):
        passed, failed, _ = self.report("""
            class Sample(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise ValueError
                def test_good(self): pass
                def test_better(self): pass
            """)
        self.assertEqual(passed, 0)
        self.assertGreater(failed, 0)

    def test_file_that_does_not_load_fails(self):
        self.assertEqual(self.report("import no_such_module\n")[1], 1)


class ListTest(unittest.TestCase):
    def test_a_name_that_nobody_has_is_a_failure(self):
        there = RUN.Program("tests/flows/test_kill.py", ["true"])
        found, missing = RUN.named([there], ["kill", "kil"])
        self.assertIs(found, there)
        outcome = RUN.program_run(missing)
        self.assertEqual((outcome.failed, outcome.name), (1, "no such test: kil"))

    def test_the_flows_that_are_named_are_there(self):
        flows = RUN.python_files("flows")
        chosen = RUN.named(flows, [*RUN.FLOWS_ON_POSTGRES, *RUN.FLOWS_NOT_ON_POSTGRES, *RUN.LONGEST_FLOWS])
        self.assertEqual([program.name for program in chosen if program not in flows], [])

    def test_a_container_s_share_of_a_large_machine_is_all_that_is_used(self):
        whole = len(os.sched_getaffinity(0))
        for text, expected in [("100000 100000", 1), ("50000 100000", 1), ("6400000 100000", min(whole, 64)), ("max 100000", whole)]:
            with self.subTest(text), tempfile.NamedTemporaryFile("w", suffix="cpu.max") as quota:
                quota.write(text + "\n")
                quota.flush()
                self.assertEqual(RUN.processors(pathlib.Path(quota.name)), expected)
        self.assertEqual(RUN.processors(pathlib.Path("/nowhere/cpu.max")), whole)
        chosen = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, chosen)
        os.sched_setaffinity(0, {min(chosen)})
        self.assertEqual(RUN.processors(pathlib.Path("/nowhere/cpu.max")), 1)

    def test_the_longest_begin_first_and_none_is_lost(self):
        programs = [RUN.Program(f"tests/flows/test_{name}.py", ["true"]) for name in ("a", "b", "c")]
        self.assertEqual(RUN.longest_first(programs, ["c", "b"]), [programs[2], programs[1], programs[0]])
        self.assertEqual([program.name for program in RUN.browser_group(None) if program.command == ["false"]], [])

    def test_a_given_server_is_told_and_not_killed(self):
        programs = [RUN.Program(name, ["true"]) for name in ("postgres_loss_test", "kill")]
        told, = RUN.at_server(programs, "postgresql:///here")
        self.assertEqual((told.name, told.environment["METERWORKS_TEST_STORE"]), ("kill", "postgresql:///here"))
        self.assertEqual(RUN.at_server(programs, None), programs)


class NeedsTest(unittest.TestCase):
    def test_what_is_not_there_is_named_with_what_brings_it(self):
        self.addCleanup(RUN.GROUPS.pop, "sample")
        RUN.GROUPS["sample"] = RUN.Group(lambda arguments: self.fail("it runs all the same"), needs=("sh", "no-such-program"))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            outcome, = RUN.group_run("sample", None)
        self.assertEqual((outcome.passed, outcome.failed), (0, 1))
        self.assertIn("not on this machine: no-such-program; tools/install_packages", said.getvalue())


class SlowTest(unittest.TestCase):
    def test_the_slowest_are_named_the_slowest_first(self):
        outcomes = [RUN.Outcome(f"program {number}", seconds=number) for number in range(1, 20)]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            RUN.slowest_print(outcomes)
        names = [line.split(" s  ")[1] for line in said.getvalue().splitlines() if " s  " in line]
        self.assertEqual(names, [f"program {number}" for number in range(19, 9, -1)])

    def test_a_program_s_seconds_are_its_own(self):
        slow, quick = (RUN.program_run(RUN.Program(name, command)) for name, command in (
            ("slow", [sys.executable, "-c", "import threading; threading.Event().wait(0.2)"]), ("quick", ["true"])))
        self.assertGreaterEqual(slow.seconds, 0.2)
        self.assertGreater(quick.seconds, 0)


class HangTest(unittest.TestCase):
    def test_who_hangs_is_ended_and_tells_where(self):
        self.addCleanup(setattr, RUN, "HANG_LIMIT_S", RUN.HANG_LIMIT_S)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "test_sample.py"
            file.write_text("import threading, unittest\nclass Sample(unittest.TestCase):\n"
                            "    def test_a_good(self): pass\n"
                            "    def test_b_waits_for_nobody(self): threading.Event().wait()\n", encoding="utf-8")
            for RUN.HANG_LIMIT_S in (2, 10, 60):  # a slow machine may not come so far in two seconds
                outcome = RUN.program_run(RUN.Program("sample", [sys.executable, str(TESTS / "tap_unittest"), str(file)]))
                if outcome.passed:
                    break
        self.assertEqual((outcome.passed, outcome.failed), (1, 1))
        self.assertIn("in test_b_waits_for_nobody", outcome.output)
        self.assertIn(f"ended after {RUN.HANG_LIMIT_S} s without an answer", outcome.output)


if __name__ == "__main__":
    unittest.main()
