"""Each check of tools/ must be able to fail: it is shown a small tree with one fault, and the same tree without."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


class CheckCase(unittest.TestCase):
    """A throw-away tree with a base and a codec header, and a run of one check on it."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("src/base/span.h", "#ifndef A\n#define A\n#include <stddef.h>\nstruct span { size_t size; };\n#endif\n")
        self.write("src/codec/coap/coap_message.h", '#include "base/span.h"\n')

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run_check(self, name):
        return subprocess.run([sys.executable, str(TOP / "tools" / name), "--root", str(self.root)],
                              capture_output=True, text=True, check=False)

    def assert_clean(self, name):
        answer = self.run_check(name)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def assert_complaint(self, name, words):
        answer = self.run_check(name)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertIn(words, answer.stdout)


class IncludesTest(CheckCase):
    CHECK = "check_includes"

    def test_clean_tree_passes(self):
        self.assert_clean(self.CHECK)

    def test_base_may_not_include_codec(self):
        self.write("src/base/span.c", '#include "base/span.h"\n#include "codec/coap/coap_message.h"\n')
        self.assert_complaint(self.CHECK, "src/base/span.c:2: #include \"codec/coap/coap_message.h\": "
                                          "src/base may not include src/codec")

    def test_apps_may_include_every_room(self):
        self.write("apps/meterworks/main.c", '#include "codec/coap/coap_message.h"\n')
        self.assert_clean(self.CHECK)

    def test_internal_header_stays_in_its_room(self):
        self.write("src/codec/codec_internal.h", "")
        self.write("src/codec/coap/coap_message.c", '#include "codec/codec_internal.h"\n')
        self.assert_clean(self.CHECK)
        self.write("apps/meterworks/main.c", '#include "codec/codec_internal.h"\n')
        self.assert_complaint(self.CHECK, "is internal to src/codec")

    def test_dialog_sees_only_the_face_of_wire(self):
        self.write("src/wire/udp_engine.h", "")
        self.write("src/wire/wire_interface.h", "")
        self.write("src/dialog/session.c", '#include "wire/wire_interface.h"\n')
        self.assert_clean(self.CHECK)
        self.write("src/dialog/session.c", '#include "wire/udp_engine.h"\n')
        self.assert_complaint(self.CHECK, "src/dialog may not include src/wire")

    def test_store_sees_only_declared_interfaces(self):
        self.write("src/ledger/ledger.h", "")
        self.write("src/ledger/ledger_store.h", "struct ledger_store {\n    int (*begin)(void *context);\n};\n")
        self.write("src/store/sql/ledger_sql.c", '#include "ledger/ledger_store.h"\n')
        self.assert_clean(self.CHECK)
        self.write("src/store/sql/ledger_sql.c", '#include "ledger/ledger.h"\n')
        self.assert_complaint(self.CHECK, "src/store may not include src/ledger")

    def test_meter_takes_a_part_of_base(self):
        self.write("src/base/map.h", "")
        self.write("meter/core/meter.c", '#include "base/span.h"\n')
        self.assert_clean(self.CHECK)
        self.write("meter/core/meter.c", '#include "base/map.h"\n')
        self.assert_complaint(self.CHECK, "the meter may not use base/map.h")

    def test_codec_may_not_use_atomics(self):
        self.write("src/base/counter.h", "")
        self.write("src/codec/coap/coap_message.c", '#include "base/counter.h"\n')
        self.assert_complaint(self.CHECK, "strict C99 code may not use base/counter.h")

    def test_include_from_own_folder_is_refused(self):
        self.write("src/codec/coap/coap_message.c", '#include "coap_message.h"\n')
        self.assert_complaint(self.CHECK, "not from its own folder")

    def test_include_with_src_is_refused(self):
        self.write("src/codec/coap/coap_message.c", '#include "src/base/span.h"\n')
        self.assert_complaint(self.CHECK, "write it without src/")

    def test_room_outside_the_table_is_named(self):
        self.write("src/attic/attic.c", "")
        self.assert_complaint(self.CHECK, "src/attic: no row")


class ForbiddenTest(CheckCase):
    CHECK = "check_forbidden"

    def test_clean_tree_passes(self):
        self.assert_clean(self.CHECK)

    def test_each_rule_finds_its_fault(self):
        faults = [
            ("src/wire/a.c", "strcpy(to, from);", "strcpy: unbounded text"),
            ("apps/meterworks/a.c", "p = strtok(text, x);", "strtok: hidden state"),
            ("src/api/a.c", "int n = atoi(text);", "atoi: silent conversion"),
            ("sim/a.c", "int n = rand();", "rand: unseeded chance"),
            ("src/codec/a.c", "p = alloca(9);", "alloca: unbounded stack"),
            ("apps/meterworks/a.c", "system (command);", "system: shell"),
            ("apps/meterworks/a.c", "signal(SIGINT, stop);", "signal: unreliable signal"),
            ("src/ledger/a.c", "now = time(NULL);", "time: clock"),
            ("tests/unit/base/a.c", "usleep(10);", "usleep: sleep"),
            ("src/reading/a.c", "pthread_create(&a, b, c, d);", "pthread_create: thread"),
            ("src/rating/a.c", "p = malloc(8);", "malloc: heap"),
            ("src/reading/a.c", "printf(\"x\");", "printf: printing"),
            ("src/ledger/a.c", "double amount;", "double: floating point"),
            ("meter/core/a.h", "float volume;", "float: floating point"),
            ("src/api/a.c", "/* " + "TO" + "DO: later */", "unfinished work"),
        ]
        for path, line, words in faults:
            with self.subTest(line=line):
                self.write(path, f"int before;\n{line}\n")
                self.assert_complaint(self.CHECK, f"{path}:2: ")
                self.assert_complaint(self.CHECK, words)
                self.write(path, "")

    def test_comments_texts_and_longer_names_pass(self):
        self.write("src/ledger/a.c", '/* no double booking: time (s) is given */\nconst char *a = "float time(x)";\n'
                                     "void write_time(int a);\nint slots_double(int a);\nint b = clock->time(a);\n")
        self.assert_clean(self.CHECK)

    def test_rule_stays_in_its_folders(self):
        self.write("bench/a.c", "double rate = 1; now = time(NULL);\n")
        self.write("src/store/sqlite/a.c", "p = malloc(8); double value;\n")
        self.assert_clean(self.CHECK)


class HeadersTest(CheckCase):
    CHECK = "check_headers"

    def test_clean_tree_passes(self):
        self.assert_clean(self.CHECK)

    def test_missing_include_is_found(self):
        self.write("src/reading/reading.h", "struct reading { struct span bytes; };\n")
        self.assert_complaint(self.CHECK, "src/reading/reading.h does not compile alone")

    def test_missing_guard_is_found(self):
        self.write("src/reading/reading.h", "struct reading { int value; };\n")
        self.assert_complaint(self.CHECK, "redefinition")

    def test_c11_is_refused_in_the_meter_but_not_on_the_server(self):
        text = "#ifndef B\n#define B\nstruct outer { struct { int a; }; };\n#endif\n"
        self.write("src/reading/reading.h", text)
        self.assert_clean(self.CHECK)
        self.write("meter/core/meter.h", text)
        self.assert_complaint(self.CHECK, "meter/core/meter.h does not compile alone")


class LengthsTest(CheckCase):
    CHECK = "check_lengths"

    def function(self, lines):
        return "int long_one(void)\n{\n" + "    step();\n" * (lines - 3) + "}\n"

    def test_function_of_70_lines_passes_and_71_fails(self):
        self.write("src/base/a.c", self.function(70))
        self.assert_clean(self.CHECK)
        self.write("src/base/a.c", self.function(71))
        self.assert_complaint(self.CHECK, "src/base/a.c:2: function of 71 lines")

    def test_file_of_900_lines_passes_and_901_fails(self):
        self.write("src/base/a.c", "int a;\n" * 900)
        self.assert_clean(self.CHECK)
        self.write("src/base/a.c", "int a;\n" * 901)
        self.assert_complaint(self.CHECK, "src/base/a.c: 901 lines")

    def test_long_table_is_no_function(self):
        self.write("src/base/a.c", "static const int table[] = {\n" + "    1,\n" * 200 + "};\n")
        self.assert_clean(self.CHECK)


if __name__ == "__main__":
    unittest.main()
