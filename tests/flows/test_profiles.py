"""Device models: packed, added, reloaded without a restart, refused whole; commands become frames that mean the same."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from installation import PROGRAM, Installation
from waiting import until

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
METER = "dlt645-2007-single-phase-prepaid"

NEW_MODEL = """profile: acme-e1
name: {zh: 甲表, en: Acme E1}
kind: electricity
codec: dlt645-2007
points:
  - {quantity: energy_active_import, identifier: 00010000, unit: kWh, group: hourly}
commands:
  - {command: read}
"""


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


def encode(profile, address, *words):
    told = run("encode", "--profile", profile, "--address", address, *words)
    return told.stdout.split(), told


KEY = "000102030405060708090A0B0C0D0E0F"


def explain(frame, protocol):
    told = run("decode", "--protocol", protocol, "--json", frame)
    return told.returncode, json.loads(told.stdout)


class ProfileCommandTest(unittest.TestCase):
    def test_packed_models_are_those_of_the_folder(self):
        listed = run("profile", "list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        names = [line.split()[0] for line in listed.stdout.splitlines()]
        self.assertEqual(names, sorted(path.stem for path in (ROOT / "profiles").glob("*.yaml")))

    def test_check_says_file_and_line(self):
        with tempfile.TemporaryDirectory() as folder:
            right, wrong = pathlib.Path(folder, "acme-e1.yaml"), pathlib.Path(folder, "acme-e2.yaml")
            right.write_text(NEW_MODEL, encoding="utf-8")
            wrong.write_text(NEW_MODEL.replace("acme-e1", "acme-e2").replace("unit: kWh", "unit: m³"), encoding="utf-8")
            told = run("profile", "check", str(right))
            self.assertEqual((told.returncode, told.stderr), (0, ""))
            told = run("profile", "check", str(right), str(wrong))
            self.assertEqual(told.returncode, 1)
            self.assertIn(f"{wrong}:6: point energy_active_import: unit \"m³\" does not fit; possible: Wh, kWh, MWh",
                          told.stderr)
            self.assertEqual(run("profile", "check", folder + "/none.yaml").returncode, 1)
        self.assertEqual(run("profile", "check").returncode, 2)
        self.assertEqual(run("profile", "frobnicate").returncode, 2)

    def test_the_schema_is_json_and_closed(self):
        schema = json.loads(run("profile", "schema").stdout)
        self.assertFalse(schema["additionalProperties"])
        self.assertIn("cjt188", schema["properties"]["codec"]["enum"])

    def test_a_model_shows_what_it_offers(self):
        for arguments in (("profile", "show", METER), ("encode", "--profile", METER, "--list")):
            told = run(*arguments)
            self.assertEqual(told.returncode, 0, told.stderr)
            self.assertIn("close_valve password=... [operator=...] [valid_until=...]", told.stdout)
            self.assertIn("00010000", told.stdout)

    def test_wrong_usage_is_said(self):
        self.assertEqual(run("encode").returncode, 2)
        self.assertEqual(run("encode", "--profile", "none", "--list").returncode, 1)
        for words, said in ((["close_valve"], "needs password=(six digits)"), (["read"], "read needs a point"),
                            (["read", "nothing"], "no point nothing"), (["shut"], "unknown command shut"),
                            (["set_clock", "time=noon"], "time is a time"), (["read_now", "x=1"], "unknown parameter")):
            frames, told = encode(METER, "4321", *words)
            self.assertEqual((told.returncode, frames), (2, []), words)
            self.assertIn(said, told.stderr)
        self.assertEqual(encode("wmbus-water", "1", "read-all")[1].returncode, 1)


class DocumentationTest(unittest.TestCase):
    def test_the_worked_example_is_right(self):
        text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
        example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "acme-e1.yaml")
            path.write_text(example, encoding="utf-8")
            told = run("profile", "check", str(path))
            self.assertEqual(told.returncode, 0, told.stderr)
            frames, told = encode(str(path), "4321", "read", "energy_active_import")
            self.assertIn("\n%s\n" % frames[0], text)
            path.write_text(example.replace("identifier: 00010000, unit: kWh", "identifier: 00010000, unit: m³"),
                            encoding="utf-8")
            said = run("profile", "check", str(path)).stderr.strip().removeprefix(folder)
            self.assertIn("DATA/profiles" + said, text)

    def test_every_key_is_described(self):
        text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")

        def keys(schema):
            for key, value in schema.get("properties", {}).items():
                yield key
                yield from keys(value)
                yield from keys(value.get("items", {}))

        schema = json.loads(run("profile", "schema").stdout)
        self.assertEqual([key for key in keys(schema) if key not in text], [])


class EncodeTest(unittest.TestCase):
    """What encode writes, decode understands as the same."""

    def meaning(self, profile, address, protocol, *words):
        frames, told = encode(profile, address, *words)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(len(frames), 1, frames)
        status, meaning = explain(frames[0], protocol)
        self.assertEqual(status, 0, meaning)
        return json.dumps(meaning, ensure_ascii=False)

    def test_the_standards_worked_examples(self):
        self.assertEqual(encode(METER, "4321", "read", "energy_active_import_t1")[0],
                         ["fefefefe68214300000000681104333434331716"])
        self.assertEqual(encode("cjt188-cold-water", "00001200345678", "close_valve")[0],
                         ["fefe6810785634001200000404a0170099e416"])

    def test_a_password_may_come_by_standard_input(self):
        words = [PROGRAM, "encode", "--profile", METER, "--address", "4321", "close_valve", "valid_until=2027-12-31T23:00:00"]
        told = subprocess.run([*words, "password=-"], input="123456\n", capture_output=True, text=True, check=True)
        self.assertEqual(told.stdout, run(*words[1:], "password=123456").stdout)
        self.assertEqual(subprocess.run([*words, "password=-"], input="", capture_output=True, check=False).returncode, 2)

    def test_a_read_names_address_and_identifier(self):
        text = self.meaning(METER, "4321", "dlt645", "read", "energy_active_import_t1")
        self.assertIn("000000004321", text)
        self.assertIn("00010100", text)
        text = self.meaning("cjt188-cold-water", "00001200345678", "cjt188", "read", "volume")
        self.assertIn("00001200345678", text)
        self.assertIn("901F", text.upper())

    def test_a_relay_command_keeps_its_end(self):
        text = self.meaning(METER, "4321", "dlt645", "open_valve", "password=123456", "valid_until=2027-12-31T23:00:00")
        self.assertIn("2027-12-31T23:00:00", text)
        self.assertIn("02563412", text)  # level 02, 123456 lowest byte first

    def test_a_clock_is_set_to_the_time_given(self):
        for profile, address, protocol in ((METER, "4321", "dlt645"), ("cjt188-heat", "12", "cjt188")):
            text = self.meaning(profile, address, protocol, "set_clock", "time=2026-11-21T08:00:00")
            self.assertIn("2026-11-21T08:00:00", text)


    def test_every_command_of_every_model_is_understood(self):
        given = {"password": "123456", "operator": "1", "valid_until": "2027-12-31T23:00:00", "time": "2026-11-21T08:00:00",
                 "back": "2", "serial": "7", "amount": "50.00", "address": "12345678"}
        protocols = {"dlt645-2007": "dlt645", "dlt645-1997": "dlt645", "cjt188": "cjt188", "mbus": "mbus"}
        shown = 0
        for path in sorted((ROOT / "profiles").glob("*.yaml")):
            listed = run("profile", "show", path.stem).stdout
            protocol = protocols.get(listed.split("codec ", 1)[1].split(",", 1)[0])
            if protocol is None:
                continue
            lines = [line.split("  (")[0].split("  proven")[0].split() for line in
                     listed.split("commands\n", 1)[1].split("\n\n", 1)[0].splitlines()]
            frames = []
            for name, *rest in lines:
                names = [word.strip("[]").split("=")[0] for word in rest if "=" in word]
                words = ["read-all"] if name == "read" else [name, *(f"{key}={given[key]}" for key in names)]
                beside = {"recharge": ["--key", KEY], "clear_balance": ["--key", KEY],
                          "write_steps": ["--table", "0:5000,20000:5500"],
                          "write_day_table": ["--table", "0:4,420:3,1380:4"],
                          "set_mode": ["--mode", "public"]}.get(name, [])
                made, told = encode(path.stem, "12", *beside, *words)
                self.assertEqual(told.returncode, 0, (path.stem, words, told.stderr))
                self.assertTrue(made)
                frames += made
            told = subprocess.run([PROGRAM, "decode", "--protocol", protocol, "--json"], input="\n".join(frames),
                                  capture_output=True, text=True, check=False)
            self.assertEqual(told.returncode, 0, (path.stem, told.stdout[-2000:], told.stderr))
            explained = [json.loads(line) for line in told.stdout.splitlines()]
            self.assertEqual([one["bytes"] for one in explained], frames)
            self.assertTrue(all(one["valid"] for one in explained))
            shown += len(explained)
        self.assertGreater(shown, 80)


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)
        self.overlay = pathlib.Path(self.house.data, "profiles")

    def write(self, name, text):
        self.overlay.mkdir(exist_ok=True)
        (self.overlay / (name + ".yaml")).write_text(text, encoding="utf-8")

    def names(self):
        return [row["profile"] for row in self.house.call("GET", "/profiles", expect=200)["items"]]

    def test_a_model_is_added_without_a_restart_and_a_wrong_one_changes_nothing(self):
        house = self.house
        house.start().sign_in()
        self.assertIn("nbiot-water-prepaid", self.names())
        house.call("GET", "/profiles/acme-e1", expect=404)
        self.write("acme-e1", NEW_MODEL)
        self.assertIn("acme-e1", [row["profile"] for row in house.call("POST", "/profiles/reload", {}, expect=200)["items"]])
        self.assertEqual(len(house.call("GET", "/audit?action=profiles.reload", expect=200)["items"]), 1)
        detail = house.call("GET", "/profiles/acme-e1", expect=200)
        self.assertEqual(detail["point_list"][0]["identifier"], "00010000")
        self.assertTrue(detail["file"].endswith("data/profiles/acme-e1.yaml"))

        self.write("acme-e1", NEW_MODEL.replace("Acme E1", "Acme E1 second"))
        self.write("acme-e2", NEW_MODEL.replace("acme-e1", "acme-e2").replace("group: hourly", "group: weekly"))
        refused = house.call("POST", "/profiles/reload", {}, expect=422)["error"]
        self.assertEqual(refused["code"], "profiles_wrong")
        self.assertEqual(refused["problem_count"], 1)
        self.assertEqual(refused["problems"][0]["line"], 6)
        self.assertTrue(refused["problems"][0]["file"].endswith("data/profiles/acme-e2.yaml"))
        self.assertIn("weekly", refused["problems"][0]["text"])
        self.assertNotIn("acme-e2", self.names())
        self.assertEqual(house.call("GET", "/profiles/acme-e1")["name"]["en"], "Acme E1")
        self.assertEqual(house.call("GET", "/profiles")["problem_count"], 1)

        (self.overlay / "acme-e2.yaml").unlink()
        house.call("POST", "/profiles/reload", {}, expect=200)
        self.assertEqual(house.call("GET", "/profiles/acme-e1")["name"]["en"], "Acme E1 second")
        self.assertEqual(house.call("GET", "/profiles")["problem_count"], 0)

    def test_the_hang_up_signal_reloads(self):
        house = self.house
        house.start().sign_in()
        self.write("acme-e1", NEW_MODEL)
        house.process.send_signal(signal.SIGHUP)
        until(lambda: "acme-e1" in self.names())
        self.write("acme-e1", "profile: other\n")
        house.process.send_signal(signal.SIGHUP)
        until(lambda: house.call("GET", "/profiles")["problem_count"] > 0)
        self.assertIn("acme-e1", self.names())
        self.assertEqual(house.stop(), 0)

    def test_a_wrong_file_keeps_no_platform_from_starting(self):
        self.write("acme-e1", "profile: [\n")
        self.house.start().sign_in()
        answer = self.house.call("GET", "/profiles", expect=200)
        self.assertGreater(answer["problem_count"], 0)
        self.assertIn("nbiot-water-prepaid", self.names())
        self.assertNotIn("acme-e1", self.names())

    def test_a_folder_may_stand_for_the_packed_models(self):
        folder = os.path.join(self.house.folder, "models")
        os.mkdir(folder)
        pathlib.Path(folder, "acme-e1.yaml").write_text(NEW_MODEL, encoding="utf-8")
        self.house.start("--profiles", folder).sign_in()
        self.assertEqual(self.names(), ["acme-e1"])
        self.house.stop()
        told = run("serve", "--data", self.house.data, "--http", "127.0.0.1:0", "--coap", "off", "--coaps", "off",
                   "--lines", "off",
                   "--profiles", folder + "/none")
        self.assertEqual(told.returncode, 1)
        self.assertIn("the folder cannot be read", told.stderr)

    def test_only_an_administrator_reloads(self):
        house = self.house
        house.start().sign_in()
        house.call("POST", "/people", {"login": "looker", "display_name": "看", "role": "viewer",
                                       "area_id": house.root_area(),
                                       "password": "another-long-password"}, expect=201)
        house.sign_in("looker", "another-long-password")
        self.assertIn("nbiot-water-prepaid", self.names())
        house.call("POST", "/profiles/reload", {}, expect=403)


if __name__ == "__main__":
    unittest.main()
