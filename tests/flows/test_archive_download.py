"""The archive of an estate downloaded to a concentrator: from a spreadsheet to "agreed", with everything that goes wrong."""

import struct
import subprocess
import unittest

from concentrator_peer import ConcentratorPeer
from installation import PROGRAM, Installation
from waiting import until

METERS = 12
MANY = 5000  # the most that an import may have


class ArchiveDownload(unittest.TestCase):
    def setUp(self):
        self.installation = Installation().start()
        self.addCleanup(self.installation.close)
        self.installation.sign_in()
        self.building = self.installation.add_building()
        answer = self.installation.call("POST", "/concentrators", {"area_id": self.building, "address": "440112345",
                                                                   "name": "C-07", "secret": "1f2e"}, expect=201)
        self.line = answer["device_id"]
        self.assertNotIn("1f2e", str(answer))
        self.assertTrue(answer["has_secret"])
        rows = "".join(f"2026000000{i:02d},电,C-07,{100 + i}\n" for i in range(1, METERS + 1))
        answer = self.import_rows("表号,类型,集中器,房号\n" + rows)
        self.assertEqual((answer["entered"], answer["problems"]), (METERS, []))

    def import_rows(self, text, dry_run="false"):
        return self.installation.call("POST", "/devices/import?dry_run=" + dry_run, raw=text.encode(),
                                      headers={"Content-Type": "text/csv; charset=utf-8"})

    def dial_in(self):
        peer = ConcentratorPeer(self.installation.lines_port)
        self.addCleanup(peer.close)
        return peer

    def archive(self):
        return self.installation.call("GET", f"/concentrators/{self.line}/archive", expect=200)

    def download(self, act="download"):
        self.installation.call("POST", f"/concentrators/{self.line}/archive/{act}", expect=202)
        return until(self.archive, lambda archive: archive["finished_s"] is not None)

    def rows(self, query):
        return self.installation.call("GET", f"/concentrators/{self.line}/archive/rows?{query}", expect=200)

    def states(self, archive):
        return {row["number"]: row["state"] for row in archive["items"] if row["state"] != "agreed"}

    def test_an_empty_concentrator_is_filled_and_differences_are_mended(self):
        peer = self.dial_in()
        archive = self.download()
        self.assertEqual((archive["state"], archive["written"], archive["differences"]), ("agreed", METERS, 0))
        self.assertEqual(peer.written, list(range(1, METERS + 1)))
        entry = peer.entries[3]
        self.assertEqual(struct.unpack("<HH", entry[:4]), (3, 3))
        self.assertEqual(entry[4:12], bytes([0x62, 30, 0x03, 0, 0, 0, 0x26, 0x20]))
        peer.written.clear()
        peer.entries[2] = entry[:0] + struct.pack("<HH", 2, 2) + entry[4:]      # the address of meter 3
        del peer.entries[5]
        peer.entries[40] = struct.pack("<HH", 40, 40) + entry[4:]               # a stranger
        archive = self.download("compare")
        self.assertEqual(archive["state"], "differs")
        self.assertEqual(self.states(archive), {2: "wrong", 5: "missing", 40: "foreign"})
        self.assertEqual([row["number"] for row in self.rows("state=wrong")["items"]], [2])
        page = self.rows("limit=3")
        self.assertEqual((page["items"], page["count"]), (archive["items"][:3], len(archive["items"])))
        self.assertEqual(self.rows(f"limit=3&cursor={page['next']}")["items"], archive["items"][3:6])
        wrong = next(row for row in archive["items"] if row["number"] == 2)
        self.assertEqual((wrong["ours"]["address"], wrong["theirs"]["address"]), ("202600000002", "202600000003"))
        self.assertEqual(peer.written, [])
        self.assertEqual(self.events(), ["archive_differs"])
        archive = self.download()
        self.assertEqual((archive["state"], self.states(archive)), ("agreed", {}))
        self.assertEqual(peer.written, [2, 5, 40])
        self.assertNotIn(40, peer.entries)
        self.assertEqual(self.events(), [])

    def events(self):
        items = self.installation.call("GET", "/events?open=true", expect=200)["items"]
        return [event["kind"] for event in items if event["device_id"] == self.line]

    def test_a_denied_row_is_named_and_holds_up_no_other(self):
        peer = self.dial_in()
        peer.denied.add(4)
        archive = self.download()
        self.assertEqual((archive["state"], archive["denied"], archive["differences"]), ("differs", 1, 1))
        self.assertEqual(self.states(archive), {4: "missing"})
        self.assertEqual(sorted(peer.entries), [n for n in range(1, METERS + 1) if n != 4])

    def test_a_write_that_was_taken_in_part_is_seen_and_written_again(self):
        peer = self.dial_in()
        peer.half_taken = 3
        archive = self.download()
        self.assertEqual(archive["state"], "agreed")
        self.assertEqual(len(peer.entries), METERS)

    def test_it_waits_for_the_concentrator_and_goes_on_after_a_kill(self):
        self.installation.call("POST", "/archive/download", {"area_id": self.installation.root_area()}, expect=202)
        self.assertEqual(self.archive()["state"], "queued")
        self.installation.call("POST", f"/concentrators/{self.line}/archive/download", expect=409)
        self.installation.kill()
        self.installation.start()
        self.installation.sign_in()
        self.assertEqual(self.archive()["state"], "queued")
        peer = self.dial_in()
        archive = until(self.archive, lambda archive: archive["finished_s"] is not None)
        self.assertEqual(archive["state"], "agreed")
        self.assertEqual(len(peer.entries), METERS)
        row = self.installation.call("GET", "/concentrators?archive=agreed", expect=200)["items"][0]
        self.assertTrue(row["connected"])
        self.assertEqual((row["name"], row["meters"], row["meter_limit"], row["login_count"]), ("C-07", METERS, 500, 1))

    def test_an_import_names_what_is_wrong_and_enters_nothing(self):
        answer = self.import_rows("meter_number,kind,parent\n202600000001,electricity,C-07\n202600000099,steam,C-07\n")
        self.assertEqual(self.installation.status, 422)
        self.assertEqual([(p["row"], p["column"], p["value"]) for p in answer["problems"]],
                         [(2, "meter_number", "202600000001"), (3, "kind", "steam")])
        answer = self.import_rows("meter_number,kind,parent\n202600000099,electricity,C-07\n", dry_run="true")
        self.assertEqual((answer["rows"], answer["entered"], answer["problem_count"]), (1, 0, 0))
        tree = self.installation.call("GET", f"/topology?parent={self.line}", expect=200)
        self.assertEqual((tree["count"], tree["items"][0]["measurement_point"]), (METERS, 1))
        roots = self.installation.call("GET", "/topology", expect=200)["items"]
        self.assertEqual([(row["kind"], row["children"]) for row in roots], [("concentrator", METERS)])
        self.assertEqual(self.installation.call("GET", "/devices", expect=200)["count"], METERS)

    def many(self, first, again=None):
        """A spreadsheet of meters that dial in; `again`: row -> the number it has in place of its own."""
        numbers = {row: "%012d" % (202700000000 + first + row) for row in range(2, MANY + 2)}
        numbers.update(again or {})
        return "表号,区域,IMEI\n" + "".join("%s,%d,86123%010d\n" % (number, self.building, first + row) for row, number in numbers.items())

    def test_as_many_as_an_import_may_have(self):
        answer = self.import_rows(self.many(0))
        self.assertEqual((answer["entered"], answer["problems"]), (MANY, []))
        known, just_before, long_before = "%012d" % 202700000002, "%012d" % 202700010299, "%012d" % 202700010012
        answer = self.import_rows(self.many(10000, {11: known, 300: just_before, 4999: long_before}))
        self.assertEqual([(p["row"], p["column"], p["value"]) for p in answer["problems"]],
                         [(11, "meter_number", known), (300, "meter_number", just_before), (4999, "meter_number", long_before)])
        self.assertEqual(self.installation.call("GET", "/devices", expect=200)["count"], METERS + MANY)
        self.assertEqual(self.import_rows(self.many(10000))["entered"], MANY)
        self.assertEqual(self.installation.stop(), 0)
        told = subprocess.run([PROGRAM, "verify", "--data", self.installation.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)  # the figures of areas, too


if __name__ == "__main__":
    unittest.main()
