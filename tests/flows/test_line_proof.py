"""What was done to a meter on a line is shown by the meter itself: tables and purchases are read back, and what may have
been done before the program died is looked for before it is sent again."""

import unittest

from installation import Installation
from line_peer import LinePeer, ParameterMeter, PurseMeter
from waiting import PATIENCE_S

NUMBER = 4321
WATER_NUMBER = 1200345678


class LineProofTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.area = self.house.add_building()

    def add_meter(self, meter, kind, profile, number, **more):
        self.peer = LinePeer(meter)
        self.addCleanup(self.peer.close)
        self.line_id = self.house.call("POST", "/concentrators", {
            "area_id": self.area, "address": f"127.0.0.1:{self.peer.port}", "kind": "tcp", "baud": 38400}, expect=201)["device_id"]
        self.wait_connected()
        self.meter_id = self.house.call("POST", "/devices", {
            "area_id": self.area, "kind": kind, "profile": profile, "meter_number": number,
            "parent_device_id": self.line_id, **more}, expect=201)["device_id"]

    def add_electricity(self):
        meter = ParameterMeter(NUMBER)
        self.add_meter(meter, "electricity", "dlt645-2007-single-phase-prepaid", f"{NUMBER:012d}", password="000000")
        return meter

    def wait_connected(self):
        self.house.until(f"/concentrators/{self.line_id}", lambda line: line["connected"])

    def command(self, kind, **more):
        return self.house.call("POST", f"/devices/{self.meter_id}/commands", {"kind": kind, "reason": "test", **more},
                               expect=201)["command_id"]

    def ended(self, command_id):
        return self.house.until(f"/commands/{command_id}", lambda answer: answer["finished_s"] is not None)

    def test_tables_are_read_back(self):
        meter = self.add_electricity()
        for kind, rows, count in (("write_steps", [[0, 5000], [18000, 6500]], 4), ("write_day_table", [[0, 4], [480, 1]], 1)):
            meter.asked.clear()
            command = self.ended(self.command(kind, table={"number": 1, "rows": rows}))
            self.assertEqual((command["state"], command["outcome"]), ("verified", "meter_confirmed"))
            written = [data[:4] for control, data in meter.asked if control == 0x14]
            read = [data[:4] for control, data in meter.asked if control == 0x11]
            self.assertEqual(len(written), count)
            self.assertEqual(read[:count], written)

    def test_a_table_that_was_taken_in_part_is_named(self):
        meter = self.add_electricity()
        meter.untaken = {0x04060102}
        meter.parameters[0x04060102] = bytes.fromhex("00490000")
        command = self.ended(self.command("write_steps", table={"number": 1, "rows": [[0, 5000], [18000, 6500]]}))
        self.assertEqual((command["state"], command["outcome"]), ("failed", "reads_back_otherwise 04060102"))
        self.assertEqual(command["steps"][-1]["detail"], "reads_back_otherwise 04060102")
        meter.untaken = {0x04010001}
        command = self.ended(self.command("write_day_table", table={"number": 1, "rows": [[0, 4]]}))
        self.assertEqual((command["state"], command["outcome"]), ("failed", "reads_back_otherwise 04010001"))

    def test_a_relay_is_not_turned_again_after_the_program_was_killed(self):
        meter = self.add_electricity()
        meter.silent_turns = 1
        command_id = self.command("open_relay")
        self.assertTrue(self.peer.turned.wait(PATIENCE_S))
        self.house.kill()
        self.house.start().sign_in()
        self.wait_connected()
        command = self.ended(command_id)
        self.assertEqual((command["state"], command["outcome"]), ("verified", "valve_shown_closed"))
        self.assertTrue(meter.disconnected)
        self.assertEqual([control for control, _ in meter.asked].count(0x1C), 1)

    def test_a_purchase_of_a_water_meter_is_proven(self):
        meter = PurseMeter(WATER_NUMBER)
        self.add_meter(meter, "cold_water", "cjt188-cold-water", f"{WATER_NUMBER:014d}")
        command = self.ended(self.command("recharge", amount_fen=12345))
        self.assertEqual((command["state"], command["outcome"]), ("verified", "serial_shown"))
        self.assertEqual((meter.taken, meter.purchase.hex()), (1, "0145230100"))
        meter.halves = True
        command = self.ended(self.command("recharge", amount_fen=500))
        self.assertEqual((command["state"], command["outcome"]), ("failed", "reads_back_otherwise 00008105"))
        self.assertEqual(meter.taken, 2)


if __name__ == "__main__":
    unittest.main()
