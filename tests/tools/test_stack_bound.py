"""tests/meter/stack_bound: what it adds up, and what it refuses."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPILER = "arm-none-eabi-gcc"

CHAIN = """
int leaf(volatile char *bytes);
static __attribute__((noinline)) int middle(int n) { volatile char bytes[200]; bytes[0] = (char)n; return leaf(bytes) + 1; }
int top(int n);
int top(int n) { volatile char bytes[100]; bytes[0] = (char)n; return middle(n) + bytes[0]; }
"""
RECURSION = "int top(int n);\nint top(int n) { return n < 1 ? 0 : top(n - 1) * n + 1; }\n"
UNBOUNDED = ("void fill(char *bytes);\nint top(unsigned n);\n"
             "int top(unsigned n) { char bytes[n]; fill(bytes); return bytes[0]; }\n")
LOST_POINTER = "int top(int (*call)(void));\nint top(int (*call)(void)) { return call() + 1; }\n"
TABLE = """
static int small(void) { return 1; }
static int large(void) { volatile char bytes[400]; bytes[0] = 2; return bytes[0]; }
static int (*const rows[])(void) = { small, large };
int top(int n);
int top(int n) { return rows[n]() + 1; }
"""


@unittest.skipUnless(shutil.which(COMPILER), f"{COMPILER} is not installed")
class StackBound(unittest.TestCase):
    def judge(self, source):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "sample.c"
            path.write_text(source, encoding="utf-8")
            subprocess.run([COMPILER, "-mcpu=cortex-m3", "-mthumb", "-O1", "-fno-optimize-sibling-calls",
                            "-ffunction-sections", "-fcallgraph-info=su", "-c", str(path),
                            "-o", str(path.with_suffix(".o"))], check=True, cwd=folder)
            return subprocess.run([sys.executable, str(ROOT / "tests/meter/stack_bound"), "--entry", "top", "--allow",
                                   "50", str(path.with_suffix(".o"))], check=False, capture_output=True, text=True)

    def test_chain_adds_up_with_the_unknown_leaf(self):
        answer = self.judge(CHAIN)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        bound = int(answer.stdout.split()[0])
        self.assertGreaterEqual(bound, 100 + 200 + 50)
        self.assertLess(bound, 100 + 200 + 50 + 80)
        self.assertIn("middle", answer.stdout)

    def test_deepest_row_of_a_table_counts(self):
        answer = self.judge(TABLE)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertGreaterEqual(int(answer.stdout.split()[0]), 400)

    def test_recursion_is_refused(self):
        answer = self.judge(RECURSION)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("recursion", answer.stderr)

    def test_unbounded_frame_is_refused(self):
        answer = self.judge(UNBOUNDED)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("unbounded", answer.stderr)

    def test_pointer_to_nowhere_is_refused(self):
        answer = self.judge(LOST_POINTER)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("nobody knows", answer.stderr)


if __name__ == "__main__":
    unittest.main()
