"""tools/install_packages against stand-ins for dpkg-query, apt-get, id and sudo: what it asks for, and when."""
import os
import pathlib
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = TOP / "tools" / "install_packages"
BASICS = ["sh", "sed", "grep", "cut", "cat", "mktemp", "rm", "env"]


class InstallPackagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = pathlib.Path(folder.name)
        for name in BASICS:
            where = next(path for path in ("/usr/bin", "/bin") if os.path.exists(f"{path}/{name}"))
            (self.bin / name).symlink_to(f"{where}/{name}")
        self.asked = self.bin / "asked"
        self.command("apt-get", f'echo "apt-get $*" >> {self.asked}')
        self.command("id", "echo 0")
        self.installed = self.packages()
        self.write_installed()

    def command(self, name, body):
        file = self.bin / name
        file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        file.chmod(0o755)

    def packages(self):
        """Every package of the script's table."""
        table = SCRIPT.read_text(encoding="utf-8").split("<<'TABLE'\n")[1].split("TABLE\n")[0]
        return [line.split()[1] for line in table.splitlines()]

    def write_installed(self):
        rows = "\n".join(f"ii  {package}" for package in self.installed)
        self.command("dpkg-query", f"cat <<'END'\n{rows}\nEND")

    def run_script(self, *groups):
        return subprocess.run([str(SCRIPT), *groups], env={"PATH": str(self.bin)}, capture_output=True, text=True,
                              check=False)

    def asked_lines(self):
        return self.asked.read_text(encoding="utf-8").splitlines() if self.asked.exists() else []

    def test_silent_when_nothing_is_missing(self):
        answer = self.run_script("build", "console", "test")
        self.assertEqual((answer.returncode, answer.stdout, answer.stderr), (0, "", ""))
        self.assertEqual(self.asked_lines(), [])

    def test_asks_for_what_is_missing_and_says_why(self):
        self.installed = [name for name in self.installed if name not in ("libuv1-dev", "meson", "clang")]
        self.write_installed()
        answer = self.run_script("build")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("libuv1-dev: event loops", answer.stdout)
        update, install = self.asked_lines()
        self.assertTrue(update.endswith("update"))
        self.assertTrue(install.endswith("install --no-install-recommends meson libuv1-dev"), install)

    def test_removed_package_counts_as_missing(self):
        self.installed.remove("meson")
        rows = "\n".join([f"ii  {package}" for package in self.installed] + ["rc  meson"])
        self.command("dpkg-query", f"cat <<'END'\n{rows}\nEND")
        self.run_script("build")
        self.assertTrue(self.asked_lines()[-1].endswith(" meson"))

    def test_recent_node_of_the_machine_is_used(self):
        self.installed = [name for name in self.installed if name not in ("nodejs", "npm")]
        self.write_installed()
        self.command("npm", "exit 0")
        self.command("node", "echo 20")
        self.assertEqual(self.run_script("console").returncode, 0)
        self.assertEqual(self.asked_lines(), [])
        self.command("node", "echo 16")
        self.assertEqual(self.run_script("console").returncode, 0)
        self.assertTrue(self.asked_lines()[-1].endswith("nodejs npm"))

    def test_sudo_when_not_root(self):
        self.installed.remove("meson")
        self.write_installed()
        self.command("id", "echo 1000")
        answer = self.run_script("build")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("neither root nor sudo", answer.stderr)
        self.command("sudo", f'echo sudo >> {self.asked}; exec "$@"')
        self.assertEqual(self.run_script("build").returncode, 0)
        self.assertEqual(self.asked_lines()[0], "sudo")

    def test_failed_installation_is_an_error(self):
        self.installed.remove("meson")
        self.write_installed()
        self.command("apt-get", "exit 100")
        self.assertNotEqual(self.run_script("build").returncode, 0)

    def test_unknown_group_is_refused(self):
        answer = self.run_script("kitchen")
        self.assertEqual(answer.returncode, 2)
        self.assertIn("unknown group 'kitchen'", answer.stderr)


if __name__ == "__main__":
    unittest.main()
