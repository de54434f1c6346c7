"""Invoices: asked once for what was paid, issued by a provider that checks every sum, red-lettered once."""

import http.client
import io
import os
import subprocess
import sys
import time
import unittest
import zipfile

from installation import PROGRAM, Installation

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../sim/invoices"))
import stand_in  # noqa: E402

SELLER, BUYER = "91440101MA59T3XT0A", "91350200MA2T3XT99T"


class InvoiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation()
        cls.provider, cls.books, cls.file = stand_in.serve(cls.house.folder)
        cls.house.start("--invoices", cls.file)
        cls.house.sign_in()
        building = cls.house.add_building()
        device = cls.house.add_device(building, 862220000000001, "222000000001")
        tariff = cls.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        customer = cls.house.call("POST", "/customers", {"number": "1", "name": "陈佳怡"}, expect=201)["customer_id"]
        cls.account = cls.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "prepaid_platform"},
                                     expect=201)["account_id"]
        refused = cls.house.call("POST", "/invoices", {"payment_id": cls.pay("seller-unset", 100), "title": "某公司",
                                                       "key": "before-the-setting"}, expect=409)
        assert refused["error"]["code"] == "invoice_seller", refused
        cls.house.call("PUT", "/settings/invoice_seller_tax_number", {"value": SELLER}, expect=200)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()
        cls.provider.shutdown()
        cls.provider.server_close()

    @classmethod
    def pay(cls, key, amount_fen):
        return cls.house.call("POST", "/payments", {"account_id": cls.account, "amount_fen": amount_fen, "method": "cash",
                                                    "key": key}, expect=201)["payment_id"]

    def ask(self, key, payment, expect=201, **more):
        return self.house.call("POST", "/invoices", {"payment_id": payment, "title": "鹭湾物业管理有限公司", "tax_number": BUYER,
                                                     "contact": "cw@example.cn", "key": key, **more}, expect=expect)

    def fetch(self, path, expect=200):
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=30)
        connection.request("GET", "/api/v1" + path, None, {"Cookie": self.house.cookie, "Accept-Language": "zh"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        self.assertEqual(response.status, expect, body[:300])
        return body

    def words_of(self, invoice, expect=200):
        """The invoice on paper, as poppler reads it."""
        body = self.fetch("/invoices/%d/invoice.pdf?language=zh" % invoice, expect)
        return subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True,
                              check=True).stdout.decode() if expect == 200 else body.decode()

    def wait_for(self, invoice, *states):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            now = self.house.call("GET", "/invoices/%d" % invoice, expect=200)
            if now["state"] in states:
                return now
            time.sleep(0.1)
        self.fail("%s after 20 s" % now)

    def test_an_invoice_is_asked_once_issued_and_red_lettered_once(self):
        payment = self.pay("pay-for-invoice", 10000)
        asked = self.ask("invoice-one", payment)
        self.assertEqual(self.ask("invoice-one", payment)["invoice_id"], asked["invoice_id"])
        self.ask("invoice-one", payment, title="另一家公司", expect=409)
        self.assertEqual(self.ask("invoice-two", payment, expect=409)["error"]["code"], "invoice_living")
        issued = self.wait_for(asked["invoice_id"], "issued")
        self.assertRegex(issued["number"], r"^\d{20}$")
        self.assertEqual((issued["amount_fen"], issued["net_fen"], issued["tax_fen"]), (10000, 9709, 291))
        self.assertEqual([(line["amount_fen"], line["rate_e8"]) for line in issued["lines"]], [(10000, 3000000)])
        seen = self.books.invoices[issued["serial"]]["message"]
        self.assertEqual((seen["buyer"]["tax_number"], seen["seller"]["tax_number"], seen["total"], seen["lines"][0]["name"]),
                         (BUYER, SELLER, "100.00", "*水冰雪*水费"))
        self.assertEqual(self.house.call("POST", "/invoices/%d/cancel" % asked["invoice_id"], {"reason": "x"},
                                         expect=409)["error"]["code"], "invoice_state")
        self.house.call("POST", "/invoices/%d/retry" % asked["invoice_id"], {}, expect=409)
        words = self.words_of(asked["invoice_id"])
        for said in (issued["number"], "测试发票", BUYER, SELLER, "*水冰雪*水费", "3%", "2.91", "97.09", "壹佰元整"):
            self.assertIn(said, words)
        with zipfile.ZipFile(io.BytesIO(self.fetch("/invoices?format=xlsx&state=issued"))) as book:
            sheet = "".join(book.read(name).decode() for name in book.namelist() if "worksheets" in name or "shared" in name)
        for said in ("税额 (元)", "不含税金额 (元)", "<v>2.91</v>", "<v>97.09</v>"):
            self.assertIn(said, sheet)
        path = "/invoices/%d/red-letter" % asked["invoice_id"]
        self.house.call("POST", path, {"reason": "开票信息有误"}, expect=200)
        self.house.call("POST", path, {"reason": "开票信息有误"}, expect=409)
        red = self.wait_for(asked["invoice_id"], "red_lettered")
        self.assertRegex(red["red_number"], r"^\d{20}$")
        self.assertIn("已红冲", self.words_of(asked["invoice_id"]))
        self.house.call("POST", path, {"reason": "again"}, expect=409)
        self.assertNotEqual(self.ask("invoice-three", payment)["serial"], issued["serial"])
        self.assertEqual(self.books.problems, [])

    def test_a_provider_that_lies_and_a_killed_program_issue_nothing_twice(self):
        payment = self.pay("pay-for-lies", 33333)
        with self.books.lock:
            self.books.spoiled += ["forge"] + 9 * ["error"]
        asked = self.ask("invoice-lies", payment, tax_number="")
        self.assertIn("invoice_state", self.words_of(asked["invoice_id"], expect=409))
        self.house.kill()
        self.house.start("--invoices", self.file)
        with self.books.lock:
            self.books.spoiled.clear()
            self.house.call("POST", "/invoices/%d/retry" % asked["invoice_id"], {}, expect=200)
        issued = self.wait_for(asked["invoice_id"], "issued")
        self.assertEqual(issued["net_fen"] + issued["tax_fen"], 33333)
        living = [serial for serial, row in self.books.invoices.items() if row["message"]["total"] == "333.33"]
        self.assertEqual(living, [issued["serial"]])
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_what_cannot_be_invoiced_says_why(self):
        payment = self.pay("pay-for-faults", 500)
        for change, code in (({"tax_number": "lowercase123456"}, "invoice_tax_number"),
                             ({"tax_number": BUYER[:-1] + "0"}, "invoice_tax_number"), ({"payment_id": 999}, "invoice_base"),
                             ({"bill_id": 1}, "invoice_base")):
            self.assertIn(self.house.call("POST", "/invoices", {
                "payment_id": payment, "title": "某公司", "key": "faulty-key", **change})["error"]["code"], (code,))
        asked = self.ask("invoice-refused", payment, title="被拒贸易有限公司")
        refused = self.wait_for(asked["invoice_id"], "refused")
        self.assertEqual(refused["reason"], "税号与名称不符")
        self.ask("invoice-anew", payment)


if __name__ == "__main__":
    unittest.main()
