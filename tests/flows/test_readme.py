"""What the front pages show is true: their commands run, their frames decode, their links lead somewhere."""

import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import unittest

from waiting import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
PAGES = ["README.md", "README.zh-CN.md", "docs/operators.md"]
DATA = "/srv/meterworks"
SERVE_ADDRESSES = {"--http": "127.0.0.1:8080", "--coap": "0.0.0.0:5683", "--coaps": "0.0.0.0:5684",
                   "--lines": "0.0.0.0:7376"}
CODE_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
ANY_BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```|((?:^ {4}\S.*\n)+)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\s*(?:\$ )?(?:\S*/)?meterworks ((?:bench )?[a-z][a-z-]*)(.*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def page_text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def commands_shown(name):
    """The program's commands in the shell blocks of a page, in their order, each as its arguments."""
    lines = [shlex.split(line, comments=True) for block in CODE_BLOCK.findall(page_text(name)) for line in block.splitlines()]
    return [words[1:] for words in lines if words and words[0] == "build/meterworks"]


def words_after(program, name):
    """What follows a program's name wherever a page shows it, in blocks and between words."""
    text = page_text(name)
    shown = [line for block in CODE_BLOCK.findall(text) for line in block.splitlines()] + INLINE_CODE.findall(text)
    return {match[1] for line in shown for match in [re.match(rf"(?:build/)?{program} ([a-z][a-z-]*)", line)] if match}


def pages_all():
    return [*(ROOT / name for name in ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "HACKING.md")),
            *sorted((ROOT / "docs").glob("*.md"))]


def subcommands_shown(page):
    """The program's commands wherever a page shows them: the subcommand, and the options it is given."""
    text = page.read_text(encoding="utf-8")
    blocks = [(match[1] or match[2]).replace("\\\n", " ") for match in ANY_BLOCK.finditer(text)]
    lines = [line for block in blocks for line in block.splitlines()] + INLINE_CODE.findall(text)
    return [(match[1], OPTION.findall(match[2].split(" #")[0])) for match in map(COMMAND.match, lines) if match]


def run(arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


class ReadmeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="meterworks-readme-")
        self.data = os.path.join(self.folder.name, "meterworks")
        self.server = None

    def tearDown(self):
        if self.server is not None:
            self.server.kill()
            self.server.communicate()
        self.folder.cleanup()

    def serve_start(self, arguments):
        """As shown, but on free ports: the usual ones may be taken on this machine."""
        words = [word for word in arguments if word not in SERVE_ADDRESSES and word not in SERVE_ADDRESSES.values()]
        for option in SERVE_ADDRESSES:
            words += [option, "127.0.0.1:0"]
        self.server = subprocess.Popen([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for expected in ("http", "coap", "coaps", "lines"):
            self.assertRegex(self.server.stdout.readline(), rf"^{expected}\s+\d+$")

    def serve_stop(self):
        self.server.send_signal(signal.SIGTERM)
        _, problems = self.server.communicate(timeout=PATIENCE_S)
        self.assertEqual(self.server.returncode, 0, problems)
        self.server = None

    def command_run(self, arguments):
        arguments = [self.data if word == DATA else word for word in arguments]
        if arguments[0] == "serve":
            self.serve_start(arguments)
            return
        told = run(arguments)
        self.assertEqual(told.returncode, 0, f"{arguments}: {told.stdout}{told.stderr}")
        self.assertTrue(told.stdout.strip(), arguments)

    def page_run(self, name):
        commands = commands_shown(name)
        self.assertIn("serve", [arguments[0] for arguments in commands])
        for arguments in commands:
            self.command_run(arguments)
        self.serve_stop()

    def test_commands_of_the_english_page_run(self):
        self.page_run("README.md")

    def test_commands_of_the_chinese_page_run(self):
        self.page_run("README.zh-CN.md")

    def test_commands_of_the_operators_page_run(self):
        self.page_run("docs/operators.md")

    def test_both_languages_show_the_same_subcommands(self):
        english, chinese = ([arguments[0] for arguments in commands_shown(name)] for name in PAGES[:2])
        self.assertEqual(english, chinese)

    def test_the_frames_of_the_front_pages_print_their_fields(self):
        for name, words in (("README.md", ("message ID", "Uri-Path", "urn:imei:")), ("README.zh-CN.md", ("报文", "urn:imei:"))):
            shown = [arguments for arguments in commands_shown(name) if arguments[0] == "decode"]
            self.assertEqual(len(shown), 2, name)
            told = [run(arguments) for arguments in shown]
            self.assertEqual([each.returncode for each in told], [0, 0])
            self.assertIn("28504.27", told[0].stdout)
            for word in words:
                self.assertIn(word, told[1].stdout)

    def test_what_the_pages_show_of_decode_is_what_it_prints(self):
        """A block that begins with "$ meterworks decode" goes on with the whole answer."""
        for name, count in (("README.md", 1), ("README.zh-CN.md", 1), ("docs/decode.md", 2)):
            blocks = re.findall(r"^```console\n\$ (?:build/)?meterworks ([^\n]*)\n(.*?)^```", page_text(name),
                                re.MULTILINE | re.DOTALL)
            self.assertEqual(len(blocks), count, name)
            for command, answer in blocks:
                self.assertEqual(run(shlex.split(command)).stdout, answer, f"{name}: {command}")

    def test_the_json_of_the_page_is_what_decode_prints(self):
        page = page_text("docs/decode.md")
        shown = json.loads(re.search(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1])
        printed = json.loads(run(["decode", "--json", shown["bytes"]]).stdout)
        for name, value in shown.items():
            if name == "fields":
                for field in value:
                    self.assertIn(field, printed["fields"])
            else:
                self.assertEqual(printed[name], value, name)

    def test_every_subcommand_and_option_shown_exists(self):
        known = set(re.findall(r"^  ([a-z-]+)\s", run([]).stderr, re.MULTILINE))
        shown = {page.relative_to(ROOT).as_posix(): subcommands_shown(page) for page in pages_all()}
        for name in PAGES:
            self.assertIn("serve", [subcommand for subcommand, _ in shown[name]], name)
        helps = {}
        for name, commands in shown.items():
            for subcommand, options in commands:
                with self.subTest(page=name, subcommand=subcommand):
                    self.assertIn(subcommand.split()[0], known)
                    if subcommand not in helps:
                        told = run([*subcommand.split(), "--help"])
                        helps[subcommand] = {"--help", *OPTION.findall(told.stdout + told.stderr)}
                    self.assertEqual(set(options) - helps[subcommand], set())
        self.assertGreater(sum(len(options) for commands in shown.values() for _, options in commands), 60)

    def test_the_usual_addresses_are_those_of_the_page(self):
        usage = run(["serve", "--help"])
        for option, address in SERVE_ADDRESSES.items():
            self.assertIn(f"`{option} ADDR:PORT` | `{address}`", page_text("docs/operators.md"))
            self.assertRegex(usage.stdout + usage.stderr, rf"{option} .*{re.escape(address)}")

    def test_every_make_target_named_exists(self):
        targets = set(re.findall(r"^([a-z-]+):", page_text("Makefile"), re.MULTILINE))
        for name in [*PAGES, "HACKING.md"]:
            self.assertEqual(words_after("make", name) - targets, set(), name)

    def test_every_link_leads_somewhere(self):
        pictures = ROOT / "docs" / "pictures"
        lost = []
        for page in pages_all():
            for target in LINK.findall(page.read_text(encoding="utf-8")):
                if re.match(r"[a-z]+:", target) or target.startswith("#"):
                    continue
                path = (page.parent / target.split("#")[0]).resolve()
                if not path.exists() and (pictures.exists() or pictures not in path.parents):
                    lost.append(f"{page.relative_to(ROOT)}: {target}")
        self.assertEqual(lost, [])


if __name__ == "__main__":
    unittest.main()
