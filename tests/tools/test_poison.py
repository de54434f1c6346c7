"""src/base/poison.h must stop a use of each function it names, with both compilers."""
import pathlib
import re
import shutil
import subprocess
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
POISON = TOP / "src" / "base" / "poison.h"


def compiles(compiler, line):
    source = f"int use(void);\nint use(void)\n{{\n    {line}\n    return 0;\n}}\n"
    return subprocess.run([compiler, "-std=c11", "-O2", "-D_GNU_SOURCE", "-D_FORTIFY_SOURCE=2", "-include", str(POISON),
                           "-fsyntax-only", "-x", "c", "-"], input=source, text=True, capture_output=True,
                          check=False).returncode == 0


class PoisonTest(unittest.TestCase):
    def check(self, compiler):
        if shutil.which(compiler) is None:
            self.fail(f"{compiler} is not installed")
        names = [name for row in re.findall(r"#pragma GCC poison (.*)", POISON.read_text(encoding="utf-8"))
                 for name in row.split()]
        self.assertIn("strcpy", names)
        self.assertTrue(compiles(compiler, "(void)memcpy;"))
        for name in names:
            with self.subTest(name=name):
                self.assertFalse(compiles(compiler, f"(void)({name});"))

    def test_gcc_refuses_each_name(self):
        self.check("gcc")

    def test_clang_refuses_each_name(self):
        self.check("clang")

    def test_headers_of_the_libraries_still_compile(self):
        headers = ["uv.h", "openssl/ssl.h", "sqlite3.h", "microhttpd.h", "jansson.h", "sys/socket.h", "netdb.h"]
        source = "".join(f"#include <{header}>\n" for header in headers)
        for compiler in ("gcc", "clang"):
            answer = subprocess.run([compiler, "-std=c11", "-O2", "-D_GNU_SOURCE", "-include", str(POISON),
                                     "-fsyntax-only", "-x", "c", "-"], input=source, text=True, capture_output=True,
                                    check=False)
            self.assertEqual(answer.returncode, 0, answer.stderr)


if __name__ == "__main__":
    unittest.main()
