"""Cut-offs that two people answer for, and the drift report, over HTTP."""

import unittest

from installation import PASSWORD, Installation


class CutOffBatchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.house.call("POST", "/people", {"login": "second", "display_name": "王工", "role": "operator", "area_id": cls.house.root_area(),
                                           "password": PASSWORD}, expect=201)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def test_another_person_releases(self):
        self.house.sign_in()
        batch = self.house.call("POST", "/arrears/batches", {"closings": 50, "reason": "月末催缴"}, expect=201)
        self.assertEqual((batch["closings"], batch["released_s"], batch["closed_that_day"]), (50, None, 0))
        release = "/arrears/batches/%d/release" % batch["batch_id"]
        self.assertEqual(self.house.call("POST", release, {}, expect=409)["error"]["code"], "second_person")
        self.house.sign_in("second")
        self.assertEqual(self.house.call("POST", release, {}, expect=200)["released_by_name"], "王工")
        self.house.call("POST", release, {}, expect=409)
        one = "/arrears/batches/%d" % batch["batch_id"]
        self.assertEqual(self.house.call("GET", one + "/meters", expect=200)["items"], [])
        self.assertEqual(self.house.call("POST", one + "/stop", {"reason": "名单有误"}, expect=200)["stopped_by_name"], "王工")
        self.house.call("POST", one + "/stop", {}, expect=409)
        self.house.call("POST", "/arrears/batches/99/release", {}, expect=404)
        self.house.call("POST", "/arrears/batches/99/stop", {}, expect=404)
        self.house.call("POST", "/arrears/batches", {"closings": 0, "reason": "x"}, expect=422)
        self.assertEqual(len(self.house.call("GET", "/arrears/batches", expect=200)["items"]), 1)

    def meter_says(self, balance_fen):
        self.house.stop()
        with self.house.database() as database:
            database.execute("INSERT INTO device_state (device_id, last_report_s, balance_fen) SELECT device_id, 1, ? FROM device"
                             " WHERE device_id > 0 ON CONFLICT (device_id) DO UPDATE SET last_report_s = 1,"
                             " balance_fen = excluded.balance_fen", (balance_fen,))
        self.house.start()
        self.house.sign_in()

    def test_drift_names_meters_that_say_otherwise(self):
        self.house.sign_in()
        device = self.house.add_device(self.house.add_building(), 862220000000001, "222000000001")
        tariff = self.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = self.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        account = self.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "prepaid_meter"},
                                  expect=201)["account_id"]
        self.house.call("POST", "/payments", {"account_id": account, "amount_fen": 10000, "method": "cash", "key": "top-up-1"},
                        expect=201)
        self.meter_says(0)
        self.assertEqual(self.house.call("GET", "/ledger/drift", expect=200)["items"], [])
        self.meter_says(30)
        row = self.house.call("GET", "/ledger/drift", expect=200)["items"][0]
        self.assertEqual((row["ledger_fen"], row["meter_fen"], row["pending_fen"]), (10000, 30, 10000))
        self.assertEqual(self.house.call("GET", "/ledger/drift?apart_fen=31", expect=200)["items"], [])


if __name__ == "__main__":
    unittest.main()
