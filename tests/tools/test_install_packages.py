"""tools/install_packages and tools/install_node_packages against stand-ins for dpkg-query, apt-get, id, sudo and npm: what it asks for, and when."""
import os
import pathlib
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = TOP / "tools" / "install_packages"
BASICS = ["sh", "sed", "grep", "cut", "cat", "mktemp", "rm", "env", "mkdir"]


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
        self.command("sleep", f'echo "sleep $*" >> {self.asked}')
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
        return subprocess.run([str(SCRIPT), *groups],
                              env={"PATH": str(self.bin), "POSTGRESQL_COMMON": str(self.bin / "common")}, capture_output=True, text=True,
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

    def test_no_database_server_of_the_machine_is_made(self):
        self.installed.remove("postgresql")
        self.write_installed()
        setting = self.bin / "common" / "createcluster.d" / "meterworks.conf"
        self.command("apt-get", f'case "$*" in *install*) cat {setting} >> {self.asked} ;; esac')
        answer = self.run_script("test")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(self.asked_lines(), ["create_main_cluster = false"])
        self.assertFalse(setting.exists())

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
        answer = self.run_script("build")
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("given up after 5 tries", answer.stderr)
        self.assertEqual(self.asked_lines(), ["sleep 10", "sleep 20", "sleep 30", "sleep 40"])

    def test_a_mirror_that_fails_for_a_while_is_asked_again(self):
        self.installed.remove("meson")
        self.write_installed()
        failed = self.bin / "failed"
        self.command("apt-get", f'echo "$*" >> {self.asked}; [ -e {failed} ] && exit; '
                                f'case "$*" in *install*) : > {failed};; esac; exit 100')
        answer = self.run_script("build")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("try 1 of 5 failed", answer.stderr)
        *first, pause, update, install = self.asked_lines()
        self.assertEqual((len(first), pause), (2, "sleep 10"))
        self.assertFalse(any("ForceIPv4" in line for line in first))
        self.assertIn("ForceIPv4=true", update)
        self.assertIn("ForceIPv4=true", install)

    def test_a_source_that_is_none_of_ours_may_be_broken(self):
        self.installed.remove("meson")
        self.write_installed()
        self.command("apt-get", f'echo "$*" >> {self.asked}; case "$*" in *update) exit 100;; esac')
        self.assertEqual(self.run_script("build").returncode, 0)
        self.assertEqual(len(self.asked_lines()), 2)

    def test_unknown_group_is_refused(self):
        answer = self.run_script("kitchen")
        self.assertEqual(answer.returncode, 2)
        self.assertIn("unknown group 'kitchen'", answer.stderr)


class NodePackagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "package-lock.json").write_text("{}", encoding="utf-8")
        self.asked = self.folder / "asked"
        (self.folder / "bin").mkdir()
        self.command("node", "echo 20")
        self.command("sleep", f'echo "sleep $*" >> {self.asked}')

    def command(self, name, body):
        file = self.folder / "bin" / name
        file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        file.chmod(0o755)

    def run_script(self):
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run([str(SCRIPT.with_name("install_node_packages")), str(self.folder)],
                              env={**os.environ, "PATH": path, "NODE_OPTIONS": ""}, capture_output=True, text=True, check=False)

    def asked_lines(self):
        return self.asked.read_text(encoding="utf-8").splitlines()

    def test_a_registry_that_fails_for_a_while_is_asked_again(self):
        self.command("npm", f'echo "$1$NODE_OPTIONS" >> {self.asked}; [ -e failed ] && mkdir -p node_modules && exit; '
                            ': > failed; exit 1')
        answer = self.run_script()
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("try 1 of 4 failed", answer.stderr)
        self.assertEqual(self.asked_lines(), ["ci", "sleep 10", "ci --dns-result-order=ipv4first"])
        self.assertEqual(self.run_script().stdout, "")   # they are there now

    def test_a_registry_that_is_gone_is_given_up(self):
        self.command("npm", f"echo npm >> {self.asked}; exit 1")
        answer = self.run_script()
        self.assertEqual(answer.returncode, 1)
        self.assertIn("given up after 4 tries", answer.stderr)
        self.assertEqual(self.asked_lines(), ["npm", "sleep 10", "npm", "sleep 20", "npm", "sleep 30", "npm"])


if __name__ == "__main__":
    unittest.main()
