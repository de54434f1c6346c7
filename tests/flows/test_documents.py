"""Documents: what the PDF says is what the ledger holds, every print is counted, strangers get nothing."""

import base64
import http.client
import subprocess
import unittest

from installation import Installation
from waiting import PATIENCE_S


def pdf_text(pdf):
    """The words of a PDF as poppler reads them."""
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def pdf_pages(pdf):
    """(pages, size of the first in points)."""
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    facts = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    width, _, height, *_ = facts["Page size"].split()
    return int(facts["Pages"]), float(width), float(height)


class DocumentTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.building = cls.house.add_building()
        device = cls.house.add_device(cls.building, 862220000000001, "222000000001")
        cls.tariff = cls.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        cls.account = cls.open_account("C000128", "陈佳怡", device)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @classmethod
    def open_account(cls, number, name, device):
        customer = cls.house.call("POST", "/customers", {"number": number, "name": name}, expect=201)["customer_id"]
        return cls.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": cls.tariff, "payment_mode": "prepaid_platform"},
                              expect=201)["account_id"]

    def pay(self, key, amount_fen, account=None):
        return self.house.call("POST", "/payments", {"account_id": account or self.account, "amount_fen": amount_fen,
                                                     "method": "cash", "key": key}, expect=201)

    def fetch(self, path, expect=200, method="GET", cookie=None):
        """The bytes of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request(method, "/api/v1" + path, None, {"Cookie": cookie or self.house.cookie})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        self.headers = response.headers
        self.assertEqual(response.status, expect, body[:300])
        return body

    def test_a_receipt_says_what_the_ledger_says(self):
        paid = self.pay("receipt-one", 12345678)
        pdf = self.fetch("/payments/%d/receipt.pdf" % paid["payment_id"])
        self.assertEqual(self.headers["Content-Type"], "application/pdf")
        self.assertIn("receipt-%s.pdf" % paid["receipt"], self.headers["Content-Disposition"])
        text = pdf_text(pdf)
        for words in (paid["receipt"], "云榕水务", "陈佳怡", "C000128", "3栋 1204", "222000000001", "¥123,456.78",
                      "壹拾贰万叁仟肆佰伍拾陆元柒角捌分", "现金"):
            self.assertIn(words, text.replace("\n", "") if words.startswith("壹") else text)
        statement = self.house.call("GET", "/accounts/%d/statement" % self.account, expect=200)["items"]
        booked = [row for row in statement if row["credit_fen"] == 12345678]
        self.assertEqual(len(booked), 1)
        self.assertIn("¥{:,.2f}".format(booked[0]["balance_fen"] / 100), text)
        pages, width, _ = pdf_pages(pdf)
        self.assertEqual((pages, round(width / 72 * 25.4)), (1, 80))

    def test_every_print_is_counted_and_noted(self):
        paid = self.pay("receipt-two", 100)
        path = "/payments/%d/receipt.pdf" % paid["payment_id"]
        self.assertNotIn("补打", pdf_text(self.fetch(path)))
        self.fetch(path, method="HEAD")
        self.assertIn("补打 第 2 次", pdf_text(self.fetch(path)))
        self.assertIn("Reprint no. 3", pdf_text(self.fetch(path + "?language=en")))
        noted = [row for row in self.house.call("GET", "/audit?limit=50", expect=200)["items"]
                 if row["action"] == "document.print" and row["object_id"] == paid["payment_id"]]
        self.assertEqual([row["detail"] for row in noted], ["80 3", "80 2", "80 1"])

    def test_what_could_not_be_drawn_is_no_print(self):
        key = "/document-templates/receipt.58.zh"
        version = len(self.house.call("GET", key, expect=200)["versions"])
        long = "page 58 auto margin 2\nqr size 20 : " + "{amount_capital}" * 7 + "\ntext : {reprint}"
        self.house.call("PUT", key, {"text": long, "based_on": version}, expect=200)
        paid = self.pay("receipt-undrawn", 12345678)
        path = "/payments/%d/receipt.pdf?paper=58" % paid["payment_id"]
        for _ in range(2):
            self.fetch(path, expect=422)
        self.house.call("PUT", key, {"text": "", "based_on": version + 1}, expect=200)
        self.assertNotIn("补打", pdf_text(self.fetch(path)))

    def test_each_paper_has_its_width_and_one_page(self):
        paid = self.pay("receipt-papers", 1234)
        for paper, width in (("80", 80), ("58", 58), ("241", 241), ("a4", 210)):
            for language in ("zh", "en"):
                pdf = self.fetch("/payments/%d/receipt.pdf?paper=%s&language=%s" % (paid["payment_id"], paper, language))
                pages, points, _ = pdf_pages(pdf)
                self.assertEqual((pages, round(points / 72 * 25.4)), (1, width), (paper, language))
                self.assertIn("¥12.34", pdf_text(pdf))
        self.fetch("/payments/%d/receipt.pdf?paper=81" % paid["payment_id"], expect=404)

    def test_a_template_is_changed_previewed_and_taken_back(self):
        key = "/document-templates/receipt.80.zh"
        listed = self.house.call("GET", "/document-templates", expect=200)
        self.assertIn("receipt.58.en", [item["key"] for item in listed["items"]])
        self.assertIn("amount_capital", [name["name"] for name in listed["names"]["receipt"]])
        before = self.house.call("GET", key, expect=200)
        self.assertEqual(before["text"], before["built_in"])
        own = before["text"].replace("缴费收据", "水费专用收据")
        shown = self.house.call("POST", key + "/preview", {"text": own}, expect=200)
        self.assertTrue(base64.b64decode(shown["picture"]).startswith(b"\x89PNG"))
        version = len(before["versions"])
        saved = self.house.call("PUT", key, {"text": own, "based_on": version, "note": "新抬头"}, expect=200)
        self.assertEqual((saved["version"], saved["is_own"]), (version + 1, True))
        self.house.call("PUT", key, {"text": own, "based_on": version}, expect=409)
        paid = self.pay("template-one", 100)
        path = "/payments/%d/receipt.pdf" % paid["payment_id"]
        self.assertIn("水费专用收据", pdf_text(self.fetch(path)))
        self.house.call("PUT", key, {"text": "", "based_on": version + 1}, expect=200)
        self.assertIn("缴费收据", pdf_text(self.fetch(path)))
        self.assertEqual(self.house.call("GET", key + "?version=%d" % (version + 1), expect=200)["text"], own)
        kept = self.house.call("GET", key, expect=200)["versions"]
        self.assertEqual([(row["version"], row["is_own"], row["note"]) for row in kept[:2]],
                         [(version + 2, False, ""), (version + 1, True, "新抬头")])

    def test_a_wrong_template_names_its_line_and_is_not_kept(self):
        key = "/document-templates/bill.a4.zh"
        for text, line, code in (("page 80 auto\ntxet : x", 2, "template_element"),
                                 ("text : {amuont}", 1, "template_placeholder"),
                                 ("table lines\nhead : a\neach : {item}\n", 1, "template_nesting"),
                                 ("page 80 20 margin 3\ntext size 60 : x", 2, "document_height")):
            problem = self.house.call("POST", key + "/preview", {"text": text}, expect=200)["problem"]
            self.assertEqual((problem["line"], problem["code"]), (line, code), text)
            refused = self.house.call("PUT", key, {"text": text, "based_on": 0}, expect=422)["error"]
            self.assertEqual((refused["code"], refused["field"]), (code, "text"))
            self.assertIn("第 %d 行" % line, refused["message"])
        self.assertEqual(self.house.call("GET", key, expect=200)["versions"], [])
        self.house.call("GET", "/document-templates/bill.a5.zh", expect=404)


if __name__ == "__main__":
    unittest.main()
