"""What stops an installation from being made is said, and leaves nothing behind."""
import os
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["METERWORKS"]


class InitTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="meterworks-init-")
        self.addCleanup(self.folder.cleanup)
        self.data = os.path.join(self.folder.name, "data")

    def init(self, *arguments):
        return subprocess.run([PROGRAM, "init", "--data", self.data, *arguments], capture_output=True, text=True, check=False)

    def test_a_server_that_refuses_leaves_no_folder(self):
        told = self.init("--store", f"postgresql:///meterworks?host={self.folder.name}")
        self.assertEqual(told.returncode, 1)
        self.assertIn("the database cannot be opened", told.stderr)
        self.assertIn(self.folder.name, told.stderr)  # the server's own words
        self.assertFalse(os.path.exists(self.data))

    def test_an_address_of_something_else_leaves_no_folder(self):
        told = self.init("--store", "mysql://db/meterworks")
        self.assertEqual(told.returncode, 1)
        self.assertIn("--store takes postgresql://", told.stderr)
        self.assertFalse(os.path.exists(self.data))

    def test_a_folder_is_made_once(self):
        self.assertEqual(self.init().returncode, 0)
        key = os.path.join(self.data, "master.key")
        with open(key, "rb") as file:
            before = file.read()
        told = self.init()
        self.assertEqual(told.returncode, 1)
        self.assertIn("there is an installation already", told.stderr)
        with open(key, "rb") as file:
            self.assertEqual(file.read(), before)


if __name__ == "__main__":
    unittest.main()
