"""Invoices: asked once for what was paid, issued by a provider that checks every sum, red-lettered once."""

import http.client
import io
import os
import subprocess
import sys
import unittest
import zipfile

from installation import PASSWORD, PROGRAM, Installation
from resident_phone import OWN_PASSWORD, Phone
from waiting import PATIENCE_S

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
        cls.customer, cls.account = cls.account_open("100482", "陈佳怡", device, tariff)
        hot = cls.house.add_device(building, 862220000000002, "222000000002", kind="hot_water")
        hot_water = cls.house.call("POST", "/tariffs", {
            "name": "热水", "utility": "hot_water", "effective_day": "2020-01-01", "document": {
                "utility": "hot_water", "unit": "m3", "items": [{"name": "hot_water", "price": "25.00"}]}}, expect=201)["tariff_id"]
        cls.neighbour, cls.tap = cls.account_open("100483", "林志远", hot, hot_water)
        third = cls.house.add_device(building, 862220000000003, "222000000003")
        _, cls.returned = cls.account_open("100484", "莫文蔚", third, tariff)
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李工", "role": "clerk",
                                           "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)
        refused = cls.house.call("POST", "/invoices", {"payment_id": cls.pay("seller-unset", 100), "title": "某公司",
                                                       "key": "before-the-setting"}, expect=409)
        assert refused["error"]["code"] == "invoice_seller", refused
        cls.house.call("PUT", "/settings/invoice_seller_tax_number", {"value": SELLER}, expect=200)

    @classmethod
    def account_open(cls, number, name, device, tariff):
        customer = cls.house.call("POST", "/customers", {"number": number, "name": name}, expect=201)["customer_id"]
        return customer, cls.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": tariff, "payment_mode": "prepaid_platform"},
                                        expect=201)["account_id"]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()
        cls.provider.shutdown()
        cls.provider.server_close()

    @classmethod
    def pay(cls, key, amount_fen, account=None):
        return cls.house.call("POST", "/payments", {"account_id": account or cls.account, "amount_fen": amount_fen, "method": "cash",
                                                    "key": key}, expect=201)["payment_id"]

    def phone_bind(self, customer):
        first = self.house.call("POST", "/customers/%d/resident" % customer, {}, expect=201)
        phone = Phone(self.house)
        phone.bind(first["login"], first["password"], new_password=OWN_PASSWORD)
        return phone

    def ask(self, key, payment, expect=201, **more):
        return self.house.call("POST", "/invoices", {"payment_id": payment, "title": "鹭湾物业管理有限公司", "tax_number": BUYER,
                                                     "contact": "cw@example.cn", "key": key, **more}, expect=expect)

    def fetch(self, path, expect=200, cookie=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request("GET", "/api/v1" + path, None, {"Cookie": cookie or self.house.cookie, "Accept-Language": "zh"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        self.assertEqual(response.status, expect, body[:300])
        return body

    def words_of(self, invoice, expect=200, path="/invoices/%d/invoice.pdf", cookie=None):
        """The invoice on paper, as poppler reads it."""
        body = self.fetch(path % invoice + "?language=zh", expect, cookie)
        return subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True,
                              check=True).stdout.decode() if expect == 200 else body.decode()

    def wait_for(self, invoice, *states):
        return self.house.until("/invoices/%d" % invoice, lambda now: now["state"] in states)

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

    def test_a_resident_asks_for_the_invoice_of_ones_own_payment_alone(self):
        payment, theirs = self.pay("pay-by-resident", 8000), self.pay("pay-by-neighbour", 7000, self.tap)
        phone = self.phone_bind(self.customer)
        self.assertEqual((lambda seen: (seen["invoices"], seen["hot_water"]))(phone.call("GET", "/resident/session")), (True, False))
        path = "/resident/accounts/%d/" % self.account
        open_ones = {row["payment_id"]: row["amount_fen"] for row in phone.call("GET", path + "invoice-bases", expect=200)["items"]}
        self.assertEqual(open_ones[payment], 8000)
        self.assertNotIn(theirs, open_ones)
        ask = {"payment_id": payment, "title": "鹭湾物业管理有限公司", "tax_number": BUYER, "contact": "cw@example.cn",
               "key": "resident-asks"}
        for change, status in (({"payment_id": theirs}, 404), ({"bill_id": 1, "payment_id": None}, 404), ({"title": ""}, 422),
                               ({"tax_number": BUYER[:-1] + "0"}, 422)):
            body = {name: value for name, value in {**ask, **change}.items() if value is not None}
            phone.call("POST", path + "invoices", body, expect=status)
        phone.call("POST", "/resident/accounts/%d/invoices" % self.tap, {**ask, "payment_id": theirs}, expect=404)
        invoice = phone.call("POST", path + "invoices", ask, expect=201)["id"]
        self.assertEqual(phone.call("POST", path + "invoices", ask, expect=201)["id"], invoice)
        self.assertEqual(phone.call("POST", path + "invoices", {**ask, "key": "another-key"}, expect=409)["error"]["code"],
                         "invoice_living")
        self.wait_for(invoice, "issued")
        seen = next(row for row in phone.call("GET", path + "invoices", expect=200)["items"] if row["invoice_id"] == invoice)
        self.assertEqual((seen["buyer_title"], seen["buyer_tax_number"], seen["amount_fen"], seen["state"]),
                         (ask["title"], BUYER, 8000, "issued"))
        self.assertNotIn(payment, [row["payment_id"] for row in phone.call("GET", path + "invoice-bases")["items"]])
        words = self.words_of(invoice, path="/resident/invoices/%d/invoice.pdf", cookie=phone.cookie)
        for said in (seen["number"], BUYER, ask["title"], "捌拾元整"):
            self.assertIn(said, words)
        again = self.words_of(invoice, path="/resident/invoices/%d/invoice.pdf", cookie=phone.cookie)
        self.assertNotIn("补打", again)  # looking at one's own is no print of the office's
        stranger = self.phone_bind(self.neighbour)
        self.words_of(invoice, 404, "/resident/invoices/%d/invoice.pdf", stranger.cookie)
        self.assertEqual(stranger.call("GET", path + "invoices", expect=200)["items"], [])
        self.assertEqual(stranger.call("GET", path + "invoice-bases", expect=200)["items"], [])

    def refund(self, key, amount_fen, expect=None, **more):
        return self.house.call("POST", "/accounts/%d/refunds" % self.returned, {
            "amount_fen": amount_fen, "rest": "cash", "reason": "多缴退款", "key": key, **more}, expect=expect)

    def test_money_that_goes_back_keeps_no_invoice(self):
        self.house.call("POST", "/cash-shifts", {"float_fen": 20000}, expect=201)
        older, newer = (self.pay(key, 10000, self.returned) for key in ("pay-returned-1", "pay-returned-2"))
        invoices = [self.ask("invoice-of-%d" % payment, payment)["invoice_id"] for payment in (older, newer)]
        numbers = [self.wait_for(invoice, "issued")["number"] for invoice in invoices]
        preview = self.house.call("POST", "/accounts/%d/refunds/preview" % self.returned, {"amount_fen": 3000, "rest": "cash"}, expect=200)
        self.assertEqual(preview["invoices"], [{"invoice_id": invoices[1], "number": numbers[1], "state": "issued", "amount_fen": 10000}])
        self.assertEqual(self.refund("refund-invoiced", 3000, expect=409)["error"]["code"], "invoiced")
        asked = self.refund("refund-invoiced", 3000, expect=202, red_letter=True)
        approval = "/approvals/%d" % asked["approval_id"]
        self.assertIn(("red_letters", 10000), [(row["name"], row["value"]) for row in self.house.call("GET", approval)["figures"]])
        self.house.sign_in("second")
        self.house.call("POST", approval + "/approve", {}, expect=200)
        self.house.sign_in()
        red = self.wait_for(invoices[1], "red_lettered")
        self.assertEqual((red["reason"], self.wait_for(invoices[0], "issued")["number"]), ("多缴退款", numbers[0]))
        again = self.wait_for(self.ask("invoice-of-the-rest", newer)["invoice_id"], "issued")
        self.assertEqual(again["amount_fen"], 7000)
        # The rest of the newer payment, then the older one: each loses its invoice.
        self.assertEqual([row["invoice_id"] for row in self.house.call("POST", "/accounts/%d/refunds/preview" % self.returned, {
            "amount_fen": 8000, "rest": "cash"}, expect=200)["invoices"]], sorted([invoices[0], again["invoice_id"]]))
        latest = self.pay("pay-returned-3", 5000, self.returned)
        self.wait_for(self.ask("invoice-of-the-latest", latest)["invoice_id"], "issued")
        for path, body in (("/payments/%d/undo" % latest, {"reason": "收错"}),
                           ("/payments/%d/moves" % latest, {"to_account_id": self.account, "key": "move-invoiced", "reason": "缴错户"})):
            self.assertEqual(self.house.call("POST", path, body, expect=409)["error"]["code"], "invoiced", path)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_what_is_being_issued_when_its_money_goes_is_red_lettered_then(self):
        payment = self.pay("pay-while-issued", 4000, self.returned)
        with self.books.lock:
            self.books.spoiled += ["error"]
        invoice = self.ask("invoice-while-issued", payment)["invoice_id"]
        self.wait_for(invoice, "asked")
        self.house.call("PUT", "/settings/refund_release_above_fen", {"value": "4000"}, expect=200)
        self.refund("refund-while-issued", 4000, expect=201, red_letter=True, payment_id=payment)
        self.house.call("PUT", "/settings/refund_release_above_fen", {"value": "0"}, expect=200)
        self.assertIn(self.wait_for(invoice, "red_lettered", "cancelled")["state"], ("red_lettered", "cancelled"))
        self.assertEqual(self.ask("invoice-of-nothing", payment, expect=409)["error"]["code"], "invoice_void")

    def test_uses_of_a_hot_water_tap_are_seen_by_who_pays_for_them(self):
        self.pay("pay-for-hot-water", 2000, self.tap)
        phone, stranger = self.phone_bind(self.neighbour), self.phone_bind(self.customer)
        self.assertTrue(phone.call("GET", "/resident/session", expect=200)["hot_water"])
        held = [self.house.call("POST", "/accounts/%d/holds" % self.tap, {
            "amount_fen": 300, "item": "hot_water", "duration_s": 600, "key": "tap-%08d" % use}, expect=201)["hold_id"]
                for use in range(3)]
        self.house.call("POST", "/holds/%d/settle" % held[0], {"amount_fen": 96}, expect=200)
        self.house.call("POST", "/holds/%d/settle" % held[1], {"amount_fen": 0}, expect=200)
        path = "/resident/accounts/%d/uses" % self.tap
        uses = phone.call("GET", path, expect=200)["items"]
        self.assertEqual([(row["hold_id"], row["held_fen"], row["posted_fen"], row["state"]) for row in uses],
                         [(held[2], 300, 0, "pending"), (held[1], 300, 0, "voided"), (held[0], 300, 96, "posted")])
        self.assertEqual(stranger.call("GET", path, expect=200)["items"], [])


if __name__ == "__main__":
    unittest.main()
