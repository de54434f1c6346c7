"""pack_profiles: every byte of every file, sorted by name, as a C array with a zero behind it."""

import pathlib
import re
import subprocess
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent.parent.parent / "tools" / "pack_profiles"


class PackProfilesTest(unittest.TestCase):
    def test_texts_are_packed_as_they_are(self):
        with tempfile.TemporaryDirectory() as folder:
            files = {"b-meter": "profile: b-meter\n# \u6c34\n", "a-meter": "profile: a-meter\n" * 10}
            paths = []
            for name, text in files.items():
                path = pathlib.Path(folder, name + ".yaml")
                path.write_text(text, encoding="utf-8")
                paths.append(str(path))
            output = pathlib.Path(folder, "out.c")
            subprocess.run([str(TOOL), "--output", str(output), *paths], check=True)
            source = output.read_text(encoding="utf-8")
        rows = re.findall(r'\{ "([a-z-]+)", text_(\d), (\d+) \}', source)
        self.assertEqual([name for name, _, _ in rows], ["a-meter", "b-meter"])
        for name, index, size in rows:
            body = re.search(r"text_%s\[\] = \{(.*?)\};" % index, source, re.S)[1]
            content = bytes(int(number) for number in re.findall(r"\(char\)(\d+)", body))
            self.assertEqual(content, files[name].encode() + b"\0")
            self.assertEqual(int(size), len(files[name].encode()))
        self.assertIn("packed_profile_count = 2", source)


if __name__ == "__main__":
    unittest.main()
