"""tools/pack_files: what it packs must be what a browser unpacks."""
import gzip
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r'^    \{ "([^"]+)", "([^"]+)", file_(\d+), (\d+), "\\"([0-9a-f]+)\\"", (true|false), (true|false) \},$',
                 re.MULTILINE)


class PackFilesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dist = pathlib.Path(folder.name) / "dist"
        self.output = pathlib.Path(folder.name) / "packed_files.c"

    def write(self, path, content):
        file = self.dist / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def pack(self):
        subprocess.run([sys.executable, str(TOP / "tools" / "pack_files"), "--output", str(self.output),
                        str(self.dist)], check=True)
        return self.output.read_text(encoding="utf-8")

    def rows(self):
        """path: (content type, bytes as sent, tag, compressed, immutable)"""
        source = self.pack()
        found = {}
        for path, kind, index, size, tag, compressed, immutable in ROW.findall(source):
            array = re.search(rf"file_{index}\[\] = {{\n(.*?)\n}};", source, re.DOTALL)[1]
            sent = bytes(int(number) for number in re.findall(r"\d+", array))[:int(size)]
            found[path] = (kind, sent, tag, compressed == "true", immutable == "true")
        self.assertIn(f"packed_file_count = {len(found)};", source)
        return found

    def test_compressible_file_unpacks_to_itself(self):
        content = b"<!doctype html>" + b"<p>water</p>" * 100
        self.write("index.html", content)
        kind, sent, tag, compressed, immutable = self.rows()["/index.html"]
        self.assertEqual(kind, "text/html; charset=utf-8")
        self.assertTrue(compressed)
        self.assertFalse(immutable)
        self.assertEqual(gzip.decompress(sent), content)
        self.assertEqual(tag, hashlib.sha256(content).hexdigest()[:32])

    def test_incompressible_and_empty_files_are_sent_as_they_are(self):
        content = hashlib.sha256(b"seed").digest()
        self.write("index.html", b"x")
        self.write("logo.png", content)
        self.write("empty.txt", b"")
        rows = self.rows()
        self.assertEqual(rows["/logo.png"][:2], ("image/png", content))
        self.assertFalse(rows["/logo.png"][3])
        self.assertEqual(rows["/empty.txt"][1], b"")

    def test_hashed_name_is_immutable_and_rows_are_sorted(self):
        self.write("index.html", b"x")
        self.write("assets/index-BfT4x1z0.js", b"let a = 1;")
        rows = self.rows()
        self.assertTrue(rows["/assets/index-BfT4x1z0.js"][4])
        self.assertEqual(list(rows), sorted(rows))

    def test_missing_console_gives_a_page_that_says_so(self):
        _, sent, _, compressed, _ = self.rows()["/index.html"]
        page = (gzip.decompress(sent) if compressed else sent).decode()
        self.assertIn("The console has not been built", page)
        self.assertIn("控制台尚未构建", page)

    def test_output_is_written_only_when_something_changed(self):
        self.write("index.html", b"one")
        self.pack()
        first = self.output.stat().st_mtime_ns
        self.pack()
        self.assertEqual(self.output.stat().st_mtime_ns, first)
        self.write("index.html", b"two")
        self.pack()
        self.assertNotEqual(self.output.stat().st_mtime_ns, first)

    def test_output_compiles(self):
        self.write("index.html", b"x")
        self.write("empty.txt", b"")
        self.pack()
        subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
                        "-I", str(TOP / "src"), str(self.output)], check=True)


if __name__ == "__main__":
    unittest.main()
