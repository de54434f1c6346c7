"""Documents of many: a settlement's bills in files of bounded size, notices to pay, closing statements, labels; strange names."""

import datetime
import http.client
import re
import subprocess
import unittest

from installation import PASSWORD, Installation
from test_documents import pdf_pages, pdf_text
from waiting import PATIENCE_S

NAMES = ("王如意", "<b>陈</b> & {amount} \\| 合伙\u2029\u202e\uffff", "榕城第一工程建设发展集团股份有限公司第三分公司市政管网项目部财务室", "Ann O'Neill", "欧阳")
TARIFF = {"items": [{"name": "water", "price": "2.00"}, {"name": "sewage", "price": "0.95"}]}


def ink(pdf, word):
    """How dark the place is where poppler finds the word."""
    box = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    edges = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">%s<' % word, box)
    left, top, right, bottom = (int(float(edges[i])) for i in range(1, 5))
    picture = subprocess.run(["pdftoppm", "-gray", "-r", "72", "-f", "1", "-l", "1"], input=pdf, capture_output=True,
                             check=True).stdout
    head = re.match(rb"P5\n(\d+) (\d+)\n255\n", picture)
    width, dots = int(head[1]), picture[head.end():]
    return sum(255 - dot for row in range(top, bottom + 1) for dot in dots[row * width + left:row * width + right + 1])


class PaperTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                           "area_id": cls.house.root_area(), "password": PASSWORD}, expect=201)
        for setting, value in (("bills_by_run", "1"), ("public_address", "https://water.example.cn/")):
            cls.house.call("PUT", "/settings/" + setting, {"value": value}, expect=200)
        cls.building = cls.house.add_building()
        tariff = cls.house.call("POST", "/tariffs", {"name": "居民生活用水", "effective_day": "2020-01-01",
                                                     "document": TARIFF}, expect=201)["tariff_id"]
        cls.accounts = [cls.account_open(index, name, tariff) for index, name in enumerate(NAMES)]
        cls.prepaid = cls.account_open(len(NAMES), "林志远", tariff, "prepaid_platform")
        cls.readings_put()
        cls.run_id = cls.bills_issue()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @classmethod
    def person_change(cls, session):
        """Whose session it is from now on; gives the one before."""
        before = (cls.house.cookie, cls.house.csrf)
        cls.house.cookie, cls.house.csrf = session
        return before

    @classmethod
    def account_open(cls, index, name, tariff, mode="postpaid"):
        device = cls.house.add_device(cls.building, 862220000000001 + index, "22200000000%d" % index)
        customer = cls.house.call("POST", "/customers", {"number": "C%03d" % index, "name": name}, expect=201)["customer_id"]
        return cls.house.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": tariff,
                                                    "payment_mode": mode}, expect=201)["account_id"]

    @classmethod
    def readings_put(cls):
        cls.today = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).date()
        day = (cls.today - datetime.date(1970, 1, 1)).days
        cls.house.stop()
        with cls.house.database() as database:
            database.execute("UPDATE account_standing SET settled_day = ?", (day - 5,))
            for index in range(len(NAMES)):
                total = (index + 1) * 5000000
                database.execute("INSERT INTO daily_reading VALUES (?, ?, ?, ?, 0, 0, 1000)", (day, index + 1, total, total))
            database.execute("INSERT INTO device_state (device_id, register_value, total_value, register_s,"
                             " last_report_s) VALUES (?, 1000000, 1000000, 1, 1)", (len(NAMES) + 1,))
        cls.house.start()

    @classmethod
    def bills_issue(cls):
        run = cls.house.call("POST", "/settlement/runs", {"to_day": cls.today.isoformat(), "accounts": "all"}, expect=201)
        admin = (cls.house.cookie, cls.house.csrf)
        cls.house.sign_in("second")
        cls.house.call("POST", "/settlement/runs/%d/approve" % run["run_id"], {"reason": "月结"}, expect=200)
        cls.second = cls.person_change(admin)
        return run["run_id"]

    def fetch(self, path, expect=200):
        connection = http.client.HTTPConnection("127.0.0.1", self.house.http_port, timeout=PATIENCE_S)
        connection.request("GET", "/api/v1" + path, None, {"Cookie": self.house.cookie, "Accept-Language": "zh"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        self.headers = response.headers
        self.assertEqual(response.status, expect, body[:300])
        return body

    def prints(self, kind):
        return [(row["object_id"], row["detail"]) for row in self.house.call("GET", "/audit?limit=200", expect=200)["items"]
                if row["action"] == "document.print" and row["object_kind"] == kind]

    def test_a_run_is_printed_file_by_file_each_bill_once_and_counted(self):
        bills = self.house.call("GET", "/bills?run_id=%d" % self.run_id, expect=200)["items"]
        self.house.call("GET", "/bills.pdf?limit=101", expect=422)
        files, cursor = [], ""
        while cursor is not None:
            files.append(pdf_text(self.fetch("/bills.pdf?run_id=%d&limit=2%s" % (self.run_id, cursor))))
            cursor = "&cursor=" + self.headers["X-Next-Cursor"] if self.headers["X-Next-Cursor"] else None
        self.assertEqual([text.count("本期合计") for text in files], [2, 2, 1])
        for bill in bills:
            self.assertEqual(sum(text.count(bill["number"]) for text in files), 1)
        self.assertEqual(sorted(self.prints("bill")), sorted((bill["bill_id"], "a4 1") for bill in bills))
        again = pdf_text(self.fetch("/bills.pdf?run_id=%d" % self.run_id))
        self.assertEqual(again.count("补打 第 2 次"), len(NAMES))
        self.assertEqual(again.count("第 1 页 共 1 页"), len(NAMES))
        self.assertEqual(self.headers["X-Document-Count"], "%d" % len(NAMES))
        self.fetch("/bills.pdf?run_id=%d&state=paid" % self.run_id, expect=204)

    def test_names_are_words_never_templates_nor_markup(self):
        bills = {bill["account_id"]: bill for bill in self.house.call("GET", "/bills", expect=200)["items"]}
        pdf = self.fetch("/bills/%d/bill.pdf" % bills[self.accounts[1]]["bill_id"])
        self.assertIn("<b>陈</b> & {amount} \\| 合伙", pdf_text(pdf))
        pdf = self.fetch("/bills/%d/bill.pdf" % bills[self.accounts[2]]["bill_id"])
        self.assertEqual(pdf_pages(pdf)[0], 1)
        raw = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        self.assertEqual(raw.replace("\n", "").count(NAMES[2]), 1)
        pdf = self.fetch("/bills/%d/bill.pdf" % bills[self.accounts[0]]["bill_id"])
        self.assertGreater(ink(pdf, "王如意"), 1.3 * ink(self.fetch("/bills/%d/bill.pdf" % bills[self.accounts[4]]["bill_id"]), "欧阳"))

    def test_who_owes_gets_a_notice_with_a_code_for_each_bill(self):
        text = pdf_text(self.fetch("/accounts/%d/notice.pdf" % self.accounts[0]))
        owed = self.house.call("GET", "/accounts/%d" % self.accounts[0], expect=200)["owed_fen"]
        self.assertIn("¥%.2f" % (owed / 100), text)
        self.assertIn("扫码缴纳此账单", text)
        self.assertEqual(self.fetch("/accounts/%d/notice.pdf?language=en" % self.accounts[0])[:5], b"%PDF-")
        self.assertIn("没有欠费", self.fetch("/accounts/%d/notice.pdf" % self.prepaid, expect=409).decode())
        self.fetch("/accounts/999/notice.pdf", expect=404)
        self.fetch("/arrears/notices.pdf?stage=cut", expect=204)

    def test_a_closing_statement_shows_every_part_of_the_sum(self):
        self.house.call("POST", "/payments", {"account_id": self.prepaid, "amount_fen": 12345, "method": "cash",
                                              "key": "closing-paper-pay"}, expect=201)
        asked = self.house.call("POST", "/accounts/%d/closings" % self.prepaid, {
            "kind": "move_out", "reading": "typed", "register_value": 6000000, "rest": "bank", "payee": "林志远",
            "bank": "中国银行榕城支行", "bank_account": "6217000000000000128", "reason": "租约到期", "key": "closing-paper"},
                                expect=202)
        path = "/closings/%d/closing.pdf" % asked["closing_id"]
        self.assertIn("未生效", pdf_text(self.fetch(path)))
        admin = self.person_change(self.second)
        self.house.call("POST", "/approvals/%d/approve" % asked["approval_id"], {"reason": "同意"}, expect=200)
        self.person_change(admin)
        text = pdf_text(self.fetch(path))
        for words in ("退租", "租约到期", "123.45", "-17.70", "¥105.75", "壹佰零伍元柒角伍分", "银行转账 ¥105.75", "6.000 m³", "李建国",
                      "补打 第 2 次"):
            self.assertIn(words, text)
        self.assertNotIn("未生效", text)
        self.fetch("/closings/999/closing.pdf", expect=404)

    def test_labels_of_a_building_and_of_one_meter(self):
        sheet = self.fetch("/devices/labels.pdf?area_id=%d" % self.building)
        self.assertEqual(pdf_pages(sheet)[0], 1)
        self.assertEqual([number for number in range(6) if "22200000000%d" % number in pdf_text(sheet)], list(range(6)))
        roll = self.fetch("/devices/labels.pdf?query=222000000003&paper=60")
        self.assertEqual([round(value / 72 * 25.4) for value in pdf_pages(roll)[1:]], [60, 40])
        self.fetch("/devices/labels.pdf?query=none-such", expect=404)


if __name__ == "__main__":
    unittest.main()
