"""meterworks verify: proves the ledger of a living installation, and names what somebody changed behind its back."""

import subprocess
import unittest

from installation import PROGRAM, Installation


class VerifyTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.house.sign_in()
        building = self.house.add_building()
        device = self.house.add_device(building, 862220000000001, "222000000001")
        tariff = self.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "utility": "water", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = self.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        self.account = self.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "prepaid_platform"},
                                       expect=201)["account_id"]
        self.house.call("POST", "/payments", {"account_id": self.account, "amount_fen": 10000, "method": "cash",
                                               "key": "verify-1"}, expect=201)

    def tearDown(self):
        self.house.close()

    def verify(self):
        return subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)

    def change(self, statement):
        with self.house.database() as database:
            database.execute(statement)

    def test_a_running_installation_proves(self):
        told = self.verify()
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        self.assertIn("云榕水务: balanced", told.stdout)
        self.assertIn("debits 100.00 credits 100.00", told.stdout)
        self.assertTrue(told.stdout.endswith("verified\n"))

    def test_a_balance_changed_by_hand_is_named(self):
        self.house.stop()
        self.change("UPDATE ledger_account SET credits_fen = credits_fen + 1 WHERE kind = 'wallet'")
        told = self.verify()
        self.assertEqual(told.returncode, 1)
        self.assertIn("DIFFERENCE account", told.stdout)
        self.assertIn("wallet", told.stdout)
        self.assertIn("credits 100.01", told.stdout)
        self.house.start()

    def test_a_payment_changed_by_hand_is_named(self):
        self.house.stop()
        self.change("UPDATE payment SET amount_fen = 20000")
        told = self.verify()
        self.assertEqual(told.returncode, 1)
        self.assertIn("payments that were booked with another amount: R", told.stdout)
        self.house.start()

    def test_postings_changed_by_hand_are_named(self):
        for key in ("verify-2", "verify-3"):
            self.house.call("POST", "/payments", {"account_id": self.account, "amount_fen": 500, "method": "cash", "key": key},
                            expect=201)
        self.house.stop()
        for statement, back, words in [
                ("UPDATE transfer SET amount_fen = 501 WHERE transfer_id = 2",
                 "UPDATE transfer SET amount_fen = 500 WHERE transfer_id = 2",
                 ["credits 110.00", "its postings add up to debits 0.00 credits 110.01", "another amount: R"]),
                ("UPDATE transfer SET credit_before = 0 WHERE transfer_id = 2",
                 "UPDATE transfer SET credit_before = 1 WHERE transfer_id = 2",
                 ["(wallet )", "posting 2 does not name the one before it"]),
                ("UPDATE payment SET transfer_id = 1 WHERE transfer_id = 2; DELETE FROM transfer WHERE transfer_id = 2", None,
                 ["(cash counter)", "(wallet )", "posting 3 does not name the one before it"])]:
            with self.subTest(statement):
                for part in statement.split("; "):
                    self.change(part)
                told = self.verify()
                self.assertEqual(told.returncode, 1)
                for word in words:
                    self.assertIn(word, told.stdout)
                if back:
                    self.change(back)
                    self.assertEqual(self.verify().returncode, 0)

    def test_a_folder_without_a_store_is_refused(self):
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.folder], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 1)
        self.assertIn("meterworks verify", told.stderr)
        self.assertEqual(subprocess.run([PROGRAM, "verify"], capture_output=True, check=False).returncode, 2)


if __name__ == "__main__":
    unittest.main()
