"""Rooms paid together over HTTP: one wallet, each room's statement alone, and proof that the books agree."""

import subprocess
import unittest

from installation import PROGRAM, Installation


class AccountGroupTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        building = cls.house.add_building()
        tariff = cls.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = cls.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
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
        for _ in range(3000):  # the platform looks at the account in its next second
            rows = self.house.call("GET", "/accounts/%d/shares" % lamp, expect=200)["items"]
            if rows[0]["balance_fen"] != 0:
                break
        self.assertEqual([row["balance_fen"] for row in rows], [34, 33, 33])
        self.assertEqual([(row["weight"], row["total_weight"], row["shared_fen"]) for row in rows],
                         [(1, 3, -34), (1, 3, -33), (1, 3, -33)])
        of_home = self.house.call("GET", "/accounts/%d/shares-of" % homes[0], expect=200)["items"]
        self.assertEqual([(row["account_id"], row["shared_fen"]) for row in of_home], [(lamp, -34)])
        self.assertEqual(self.house.call("GET", "/accounts/%d" % lamp, expect=200)["balance_fen"], 0)
        self.house.call("POST", "/accounts/%d/share" % lamp, {"public_account_id": homes[0], "weight": 1}, expect=409)
        self.house.call("POST", "/accounts/%d/share" % homes[0], {"public_account_id": lamp, "weight": -1}, expect=422)
        self.house.call("POST", "/accounts/%d/share" % homes[0], {"public_account_id": 999, "weight": 1}, expect=404)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)


if __name__ == "__main__":
    unittest.main()
