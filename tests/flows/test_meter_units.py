"""A meter that holds kilowatt-hours: top-ups buy whole units, the rest stays in the wallet; against a real meter core on a
line (S1-017, X-003)."""

import http.client
import signal
import subprocess
import unittest

from installation import PROGRAM, Installation
from waiting import PATIENCE_S

KEY = "00112233445566778899aabbccddeeff"
NUMBER = "000000004321"
NEXT_NUMBER = "000000004322"
KWH = 1000000  # mWh
TARIFF = {"utility": "electricity", "unit": "kWh", "cycle": "month", "limits": [100],
          "items": [{"name": "energy", "prices": ["0.61", "0.91"]}]}
BY_HOUR = {"utility": "electricity", "unit": "kWh",
           "items": [{"name": "energy", "tou_prices": {"peak": "1.00", "valley": "0.30"}}]}


class MeterUnitsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation()
        cls.house.start().sign_in()
        cls.call = cls.house.call
        cls.area = cls.house.add_building()
        cls.process = subprocess.Popen([PROGRAM, "meters", "--listen", "127.0.0.1:0", "--protocol", "dlt645", "--count", "2",
                                        "--number", NUMBER.lstrip("0"), "--recharge-key", "-", "--credit", "units",
                                        "--baud", "38400", "--delay", "0"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.process.stdin.write(KEY + "\n")
        cls.process.stdin.close()
        port = int(cls.process.stdout.readline().split()[1])
        cls.line = cls.call("POST", "/concentrators", {"area_id": cls.area, "address": f"127.0.0.1:{port}", "name": "3栋总线",
                                                       "kind": "tcp", "baud": 38400}, expect=201)["device_id"]
        cls.house.until(f"/concentrators/{cls.line}", lambda line: line["connected"])
        cls.meter = cls.meter_add("301", NUMBER, "dlt645-2007-single-phase-prepaid-units", key=KEY)
        cls.tariff = cls.call("POST", "/tariffs", {"name": "商铺电价", "utility": "electricity", "effective_day": "2020-01-01",
                                                   "document": TARIFF}, expect=201)["tariff_id"]
        cls.customer = cls.call("POST", "/customers", {"number": "100482", "name": "陈佳怡"}, expect=201)["customer_id"]

    @classmethod
    def tearDownClass(cls):
        cls.process.send_signal(signal.SIGTERM)
        cls.process.wait()
        cls.process.stdout.close()
        cls.house.close()

    @classmethod
    def meter_add(cls, room, number, profile, **more):
        return cls.call("POST", "/devices", {"area_id": cls.area, "room": room, "kind": "electricity", "profile": profile,
                                             "meter_number": number, "parent_device_id": cls.line, "password": "000000",
                                             **more}, expect=201)["device_id"]

    def account_ask(self, device, expect=201, mode="prepaid_meter", **more):
        body = {"customer_id": self.customer, "device_id": device, "tariff_id": self.tariff, "payment_mode": mode, **more}
        return self.call("POST", "/accounts", body, expect=expect)

    def pay(self, account, amount_fen, key):
        return self.call("POST", "/payments", {"account_id": account, "amount_fen": amount_fen, "method": "cash", "key": key})

    def command_ended(self, command_id):
        return self.house.until(f"/commands/{command_id}", lambda answer: answer["finished_s"] is not None)["state"]

    def drifts(self, **more):
        query = "&".join(f"{name}={value}" for name, value in more.items())
        return self.call("GET", "/ledger/drift?" + query, expect=200)["items"]

    def test_1_the_meter_decides_what_it_holds(self):
        money = self.meter_add("302", "000000004329", "dlt645-2007-single-phase-prepaid")
        self.assertEqual(self.account_ask(money, 409, meter_holds="units")["error"]["code"], "owner_form")
        self.assertEqual(self.account_ask(self.meter, 409, meter_holds="money")["error"]["code"], "owner_form")
        self.assertEqual(self.account_ask(self.meter, 409, "prepaid_platform", meter_holds="units")["error"]["code"], "owner_form")
        by_hour = self.call("POST", "/tariffs", {"name": "分时电价", "utility": "electricity", "effective_day": "2020-01-01",
                                                 "document": BY_HOUR}, expect=201)["tariff_id"]
        self.assertEqual(self.account_ask(self.meter, 409, tariff_id=by_hour)["error"]["code"], "tariff_units")
        account = self.account_ask(money)
        self.assertFalse(account["holds_units"])

    def test_2_units_are_bought_whole_and_once(self):
        account = self.account_ask(self.meter)
        self.assertTrue(account["holds_units"])
        number = account["account_id"]
        quote = self.call("GET", f"/accounts/{number}/unit-quote?amount_fen=5000", expect=200)
        self.assertEqual((quote["units"], quote["cost_fen"], quote["wallet_fen"]), (81, 4941, 59))
        first = self.pay(number, 5000, "units-first")
        self.assertEqual(self.command_ended(first["command_id"]), "verified")
        self.assertEqual(self.pay(number, 5000, "units-first")["payment_id"], first["payment_id"])
        payment = self.call("GET", f"/payments/{first['payment_id']}", expect=200)
        self.assertEqual((payment["units_value"], payment["units_cost_fen"], payment["units_wallet_fen"]),
                         (81 * KWH, 4941, 59))
        self.receipt_check(first["payment_id"])
        # The steps go on where the last purchase ended: 19 more at 0.61, the rest at 0.91.
        second = self.pay(number, 2000, "units-second")
        self.assertEqual(self.command_ended(second["command_id"]), "verified")
        bought = self.call("GET", f"/accounts/{number}/unit-purchases", expect=200)["items"]
        self.assertEqual([(row["units_value"], row["cost_fen"], row["wallet_fen"]) for row in bought],
                         [(28 * KWH, 19 * 61 + 9 * 91, 59 + 2000 - 19 * 61 - 9 * 91), (81 * KWH, 4941, 59)])
        self.assertEqual([(line["tier"], line["quantity_e4"], line["price_e8"]) for line in bought[0]["lines"]],
                         [(1, 190000, 61000000), (2, 90000, 91000000)])
        shown = self.house.until(f"/accounts/{number}", lambda row: row["meter_units_value"] is not None)
        self.assertLessEqual(abs(shown["meter_units_value"] - 109 * KWH), 2 * KWH)
        self.assertEqual(shown["balance_fen"], 81)
        self.assertEqual(self.drifts(), [])
        # A sum that buys no unit waits in the wallet.
        third = self.pay(number, 5, "units-third")
        self.assertIsNone(third["command_id"])
        self.assertEqual(self.call("GET", f"/accounts/{number}", expect=200)["balance_fen"], 86)

    def receipt_check(self, payment_id):
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request("GET", f"/api/v1/payments/{payment_id}/receipt.pdf?paper=58", headers={"Cookie": self.house.cookie})
        pdf = connection.getresponse().read()
        connection.close()
        told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        for words in ("81.00 kWh", "¥49.41", "¥0.59"):
            self.assertIn(words, told)

    def test_3_what_the_meter_refuses_comes_back(self):
        self.call("PATCH", f"/devices/{self.meter}", {"key": KEY[::-1]}, expect=200)
        number = self.call("GET", f"/devices/{self.meter}", expect=200)["account"]["account_id"]
        before = self.call("GET", f"/accounts/{number}", expect=200)["balance_fen"]
        asked = self.pay(number, 1000, "units-refused")
        self.assertEqual(self.command_ended(asked["command_id"]), "failed")
        self.assertEqual(self.call("GET", f"/accounts/{number}", expect=200)["balance_fen"], before + 1000)
        self.assertTrue(self.call("GET", f"/accounts/{number}/unit-purchases", expect=200)["items"][0]["taken_back"])

    def test_4_an_exchanged_meter_leaves_its_units_to_the_next(self):
        number = self.call("GET", f"/devices/{self.meter}", expect=200)["account"]["account_id"]
        self.call("PATCH", f"/devices/{self.meter}", {"key": KEY}, expect=200)
        state = self.call("GET", f"/devices/{self.meter}", expect=200)
        successor = self.call("POST", f"/devices/{self.meter}/exchange", {
            "old_end_value": state["register_value"], "new_start_value": 0, "new_meter_number": NEXT_NUMBER,
            "reason": "液晶损坏"}, expect=201)["device_id"]
        self.call("PATCH", f"/devices/{successor}", {"key": KEY, "password": "000000"}, expect=200)
        row = self.house.until(f"/accounts/{number}/unit-carries", lambda rows: rows["items"] and rows["items"][0]["done_s"])["items"][0]
        self.assertEqual((row["from_meter_number"], row["to_meter_number"], row["command_state"]), (NUMBER, NEXT_NUMBER, "verified"))
        self.assertLessEqual(row["units_value"], 109 * KWH)
        self.assertGreaterEqual(row["units_value"], 107 * KWH)
        # What the old meter had refused is in the wallet again, and buys units for the new one.
        sold = self.house.until(f"/accounts/{number}/unit-purchases", lambda rows: rows["items"][0]["command_state"] == "verified")["items"][0]
        wanted = row["units_value"] + sold["units_value"]
        self.house.until(f"/accounts/{number}", lambda answer: abs((answer["meter_units_value"] or 0) - wanted) <= KWH)
        self.assertEqual(self.drifts(), [])
        self.house.stop()
        verified = subprocess.run([PROGRAM, "verify", "--data", self.house.data], stdout=subprocess.PIPE, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout)


if __name__ == "__main__":
    unittest.main()
