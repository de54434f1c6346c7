"""What docs/tariffs-by-example.md shows is true: each command, run in a shell as it stands there, prints what stands below it."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
PAGE = ROOT / "docs" / "tariffs-by-example.md"
EXAMPLE = re.compile(r"^\$ (.*?^END\n)([^$`]+)", re.MULTILINE | re.DOTALL)


class TariffExamplesTest(unittest.TestCase):
    def test_each_command_prints_what_stands_below_it(self):
        text = PAGE.read_text(encoding="utf-8")
        examples = EXAMPLE.findall(text)
        self.assertEqual(len(examples), text.count("\n$ "))
        for command, shown in examples:
            told = subprocess.run(["sh", "-c", command.replace("build/meterworks", PROGRAM)], capture_output=True, text=True,
                                  check=False)
            self.assertEqual(told.stdout, shown, command)
            self.assertEqual(told.returncode, 1 if '"error"' in shown else 0, told.stderr)


if __name__ == "__main__":
    unittest.main()
