"""Rooms paid together over HTTP: one wallet, each room's statement alone, and proof that the books agree."""

import subprocess
import unittest

from installation import PROGRAM, Installation


class AccountGroupTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = building = cls.house.add_building()
        tariff = cls.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = cls.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        cls.wanted = {"customer_id": customer, "tariff_id": tariff, "payment_mode": "prepaid_platform"}
        cls.accounts = [cls.house.call("POST", "/accounts", {
            "customer_id": customer, "tariff_id": tariff, "payment_mode": "prepaid_platform",
            "device_id": cls.house.add_device(building, 862220000000001 + number, "22200000000%d" % number)},
                                       expect=201)["account_id"] for number in range(7)]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def pay(self, account, amount_fen, key):
        self.house.call("POST", "/payments", {"account_id": account, "amount_fen": amount_fen, "method": "cash", "key": key},
                        expect=201)

    def test_one_wallet_and_statements_of_their_own(self):
        main, room, other = self.accounts[:3]
        self.pay(room, 700, "before-joining")
        for account in (room, other):
            joined = self.house.call("POST", "/accounts/%d/group" % account, {"main_account_id": main}, expect=200)
            self.assertEqual((joined["main_account_id"], joined["balance_fen"]), (main, 700))
        self.pay(other, 300, "for-another-room")
        self.assertEqual(self.house.call("GET", "/accounts/%d" % main, expect=200)["balance_fen"], 1000)
        customer = self.house.call("GET", "/accounts/%d" % main, expect=200)
        self.assertEqual((customer["main_account_id"], customer["group_members"]), (None, 2))
        self.assertEqual(self.house.call("GET", "/customers/%d" % customer["customer_id"], expect=200)["balance_fen"], 1000)
        members = self.house.call("GET", "/accounts/%d/members" % main, expect=200)["items"]
        self.assertEqual([row["account_id"] for row in members], [room, other])
        statement = self.house.call("GET", "/accounts/%d/statement" % other, expect=200)["items"]
        self.assertEqual([(row["kind"], row["credit_fen"]) for row in statement], [("payment", 300)])
        self.assertEqual(len(self.house.call("GET", "/accounts/%d/statement" % main, expect=200)["items"]), 2)
        self.house.call("POST", "/accounts/%d/group" % main, {"main_account_id": other}, expect=409)
        self.house.call("POST", "/accounts/%d/group" % other, {"main_account_id": 0}, expect=200)
        self.assertEqual(self.house.call("GET", "/accounts/%d" % other, expect=200)["balance_fen"], 0)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_what_a_public_meter_holds_or_owes_is_shared_by_ratio(self):
        lamp, *homes = self.accounts[3:]
        for home, weight in zip(homes, (1, 1, 1)):
            shared = self.house.call("POST", "/accounts/%d/share" % home, {"public_account_id": lamp, "weight": weight}, expect=200)
            self.assertEqual(shared["account_id"], home)
        self.assertTrue(self.house.call("GET", "/accounts/%d" % lamp, expect=200)["is_public"])
        self.pay(lamp, 100, "a-gift-to-all")
        rows = self.house.until("/accounts/%d/shares" % lamp, lambda seen: seen["items"][0]["balance_fen"] != 0)["items"]
        self.assertEqual([row["balance_fen"] for row in rows], [34, 33, 33])
        self.assertEqual([(row["weight"], row["total_weight"], row["shared_fen"]) for row in rows],
                         [(1, 3, -34), (1, 3, -33), (1, 3, -33)])
        of_home = self.house.call("GET", "/accounts/%d/shares-of" % homes[0], expect=200)["items"]
        self.assertEqual([(row["account_id"], row["shared_fen"]) for row in of_home], [(lamp, -34)])
        self.assertEqual(self.house.call("GET", "/accounts/%d" % lamp, expect=200)["balance_fen"], 0)
        self.evidence_check(lamp, homes)
        self.house.call("POST", "/accounts/%d/share" % lamp, {"public_account_id": homes[0], "weight": 1}, expect=409)
        self.house.call("POST", "/accounts/%d/share" % homes[0], {"public_account_id": lamp, "weight": -1}, expect=422)
        self.house.call("POST", "/accounts/%d/share" % homes[0], {"public_account_id": 999, "weight": 1}, expect=404)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def evidence_check(self, lamp, homes):
        """How the gift was shared: a third each, the fen that was left over to the first."""
        run = self.house.call("GET", "/accounts/%d/share-runs" % lamp, expect=200)["items"][0]
        self.assertEqual((run["amount_fen"], run["basis"], run["weight_total"], run["parts"]), (-100, "ratio", 3, 3))
        parts = self.house.call("GET", "/share-runs/%d/parts" % run["share_run_id"], expect=200)["items"]
        self.assertEqual([(part["account_id"], part["ratio"], part["weight"], part["amount_fen"]) for part in parts],
                         [(homes[0], 1, 1, -34), (homes[1], 1, 1, -33), (homes[2], 1, 1, -33)])
        mine = self.house.call("GET", "/accounts/%d/share-parts" % homes[1], expect=200)["items"]
        self.assertEqual([(part["share_run_id"], part["part_fen"]) for part in mine], [(run["share_run_id"], -33)])
        sheet = self.house.call("GET", "/share-runs/%d/parts?format=csv" % run["share_run_id"], expect=200)
        self.assertEqual(len(sheet.splitlines()), 4)
        changed = self.house.call("POST", "/accounts/%d/share-basis" % lamp, {"basis": "use"}, expect=200)
        self.assertEqual(changed["share_basis"], "use")
        self.house.call("POST", "/accounts/%d/share-basis" % lamp, {"basis": "mood"}, expect=422)
        self.house.call("POST", "/accounts/%d/share-basis" % homes[0], {"basis": "use"}, expect=409)
        report = self.house.call("GET", "/reports/current?limit=50", expect=200)["items"]
        self.assertEqual([row["is_public"] for row in report].count(True), 1)

    def books_change(self, text):
        with self.house.database() as database:
            database.execute(text)

    def waiting(self, is_done):
        return self.house.until("/settlement/held", lambda seen: is_done(seen["items"]))["items"]

    def test_what_one_account_is_refused_stops_nobody_else(self):
        """The books refuse what a public meter shares: it waits with the reason, and everything else goes on."""
        lamp, home = (self.house.call("POST", "/accounts", {**self.wanted, "device_id": self.house.add_device(
            self.building, 862220000000100 + number, "22200000010%d" % number)}, expect=201)["account_id"] for number in range(2))
        self.house.call("POST", "/accounts/%d/share" % home, {"public_account_id": lamp, "weight": 1}, expect=200)
        self.books_change("UPDATE ledger_account SET minimum_fen = 1000 WHERE ledger_account_id ="
                          " (SELECT wallet_id FROM account WHERE account_id = %d)" % lamp)
        self.pay(lamp, 100, "a-gift-that-stays")
        row, = self.waiting(lambda rows: rows != [])
        self.assertEqual((row["account_id"], row["held"]), (lamp, "ledger_minimum"))
        self.assertTrue(row["held_zh"] and row["held_en"])
        self.assertEqual(self.house.call("GET", "/accounts/%d" % lamp, expect=200)["held"], "ledger_minimum")
        self.pay(home, 200, "what-goes-on")
        self.assertEqual(self.house.call("GET", "/accounts/%d" % home, expect=200)["balance_fen"], 200)
        self.books_change("UPDATE ledger_account SET minimum_fen = NULL")
        self.house.call("POST", "/accounts/%d/share" % home, {"public_account_id": lamp, "weight": 2}, expect=200)
        self.waiting(lambda rows: rows == [])
        self.assertEqual(self.house.call("GET", "/accounts/%d" % home, expect=200)["balance_fen"], 300)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_heat_by_area_needs_no_meter(self):
        heat = self.house.call("POST", "/tariffs", {"name": "面积热价", "utility": "heat", "effective_day": "2020-01-01", "document": {
            "utility": "heat", "unit": "kWh", "fixed": [{"name": "heat", "price": "24", "per": "area_m2", "every": "bill"}]}},
            expect=201)["tariff_id"]
        metered = self.house.call("GET", "/accounts/%d" % self.accounts[0], expect=200)
        wanted = {"customer_id": metered["customer_id"], "area_id": metered["area_id"], "tariff_id": heat, "payment_mode": "postpaid"}
        refused = self.house.call("POST", "/accounts", {**wanted, "tariff_id": metered["tariff_id"]}, expect=404)
        self.assertEqual(refused["error"]["code"], "device_unknown")
        flat = self.house.call("POST", "/accounts", wanted, expect=201)
        self.assertIsNone(flat["device_id"])
        self.house.call("PATCH", "/accounts/%d/measures" % flat["account_id"], {"area_e4": 900000}, expect=200)
        measures = self.house.call("GET", "/accounts/%d/measures" % flat["account_id"], expect=200)
        self.assertEqual((measures["area_e4"], measures["capacity_e4"]), (900000, 0))
        for reading, more in (("meter", {}), ("typed", {"register_value": 0}), ("estimated", {})):
            shown = self.house.call("POST", "/accounts/%d/closings/preview" % flat["account_id"],
                                    {"kind": "move_out", "reading": reading, "rest": "cash", "close_valve": True, **more}, expect=200)
            self.assertIn({"name": "final_use", "value": -216000}, shown["figures"])
            self.assertNotIn("reading", [figure["name"] for figure in shown["figures"]])


if __name__ == "__main__":
    unittest.main()
