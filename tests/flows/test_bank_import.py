"""Bank transfers from a statement: every line checked, booked once, what is uncertain in suspense until somebody assigns it."""

import datetime
import io
import subprocess
import sys
import unittest
import urllib.parse
import zipfile

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's package, whichever Python runs the tests
import openpyxl  # noqa: E402

from installation import PASSWORD, PROGRAM, Installation

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}
HEADING = "交易时间,贷方发生额,对方户名,对方账号,附言,交易流水号\n"


def workbook_bytes(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive_bytes(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


class BankImportTest(unittest.TestCase):
    serial = 0
    people = set()

    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.admin = (cls.house.cookie, cls.house.csrf)
        cls.building = cls.house.add_building()
        cls.tariff = cls.house.call("POST", "/tariffs", {"name": "水价", "effective_day": "2020-01-01", "document": TARIFF},
                                    expect=201)["tariff_id"]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def setUp(self):
        self.house.cookie, self.house.csrf = self.admin

    def tearDown(self):
        self.house.cookie, self.house.csrf = self.admin
        self.assertTrue(self.call("GET", "/ledger/trial-balance", expect=200)["balanced"])

    def call(self, *arguments, **more):
        return self.house.call(*arguments, **more)

    @classmethod
    def number(cls):
        BankImportTest.serial += 1
        return BankImportTest.serial

    def customer_add(self, name, rooms=1):
        """A customer's number and accounts."""
        serial = self.number()
        customer = self.call("POST", "/customers", {"number": "K%06d" % serial, "name": name}, expect=201)["customer_id"]
        accounts = []
        for _ in range(rooms):
            meter = self.number()
            device = self.house.add_device(self.building, 862220000000000 + meter, "333%09d" % meter)
            accounts.append(self.call("POST", "/accounts", {"customer_id": customer, "device_id": device,
                                                            "tariff_id": self.tariff, "payment_mode": "prepaid_platform"},
                                      expect=201)["account_id"])
        return "K%06d" % serial, accounts

    def check(self, text, bank="工行", expect=201, name="流水.csv"):
        body = text if isinstance(text, bytes) else text.encode()
        query = urllib.parse.urlencode({"bank": bank, "file_name": name})
        return self.call("POST", "/bank-statements?" + query, raw=body, headers={"Content-Type": "text/csv"}, expect=expect)

    def lines(self, statement):
        path = "/bank-statements/%d/lines?limit=200" % statement["statement_id"]
        return self.call("GET", path, expect=200)["items"]

    def verdicts(self, statement):
        return [line["verdict"] for line in self.lines(statement)]

    def book(self, statement):
        path = "/bank-statements/%d" % statement["statement_id"]
        self.call("POST", path + "/book", {}, expect=200)
        return self.house.until(path, lambda answer: answer["state"] == "booked")

    def balance(self, account):
        return self.call("GET", "/accounts/%d" % account, expect=200)["balance_fen"]

    def ledger(self, kind, name):
        rows = self.call("GET", "/ledger/accounts?kind=" + kind, expect=200)["items"]
        return sum(row["balance_fen"] for row in rows if row["name"] == name)

    def row(self, amount, payer="某某", remark="", serial=None, when="2026-11-20 10:00:00"):
        serial = "SN%08d" % self.number() if serial is None else serial
        return '%s,"%s",%s,6222021234567890,%s,%s\n' % (when, amount, payer, remark, serial)

    def test_lines_are_matched_by_number_bill_meter_and_name(self):
        number, (one,) = self.customer_add("许文博")
        meter = self.call("GET", "/accounts/%d" % one, expect=200)["meter_number"]
        statement = self.check(HEADING + self.row("1,234.50", remark="缴水费 户号%s" % number)
                               + self.row("10.00", remark="表%s" % meter)
                               + self.row("20.00", payer="许文博")
                               + self.row("30.00", payer="陌生人")
                               + self.row("") + self.row("-5.00") + self.row("abc"))
        lines = self.lines(statement)
        self.assertEqual([line["verdict"] for line in lines],
                         ["matched", "matched", "ambiguous", "unmatched", "outgoing", "outgoing", "bad"])
        self.assertEqual([line["account_id"] for line in lines[:4]], [one, one, one, None])
        self.assertEqual([line["row"] for line in lines], [2, 3, 4, 5, 6, 7, 8])
        self.assertEqual((lines[0]["amount_fen"], lines[0]["payer_tail"], lines[6]["problem"]), (123450, "7890", "amount_form"))
        self.assertEqual(self.balance(one), 0)  # nothing is booked by a check
        done = self.book(statement)
        self.assertEqual((done["booked_fen"], done["suspense"], self.balance(one)), (129450, 2, 124450))

    def test_who_is_meant_is_said_before_booking(self):
        _, (one, two) = self.customer_add("何秀兰", rooms=2)
        bank = self.ledger("channel", "bank 工行")
        statement = self.check(HEADING + self.row("41.00", payer="何秀兰"))
        self.assertEqual(self.verdicts(statement), ["ambiguous"])  # two rooms, and neither owes it
        self.call("POST", "/bank-lines/%d/assign" % self.lines(statement)[0]["line_id"], {"account_id": two}, expect=200)
        self.assertEqual(self.verdicts(statement), ["matched"])
        self.book(statement)
        self.assertEqual((self.balance(one), self.balance(two)), (0, 4100))
        self.assertEqual(self.ledger("channel", "bank 工行"), bank - 4100)

    def test_the_same_file_twice_books_nothing_twice(self):
        number, (account,) = self.customer_add("周子轩")
        text = HEADING + self.row("50.00", remark=number) + self.row("60.00", remark="看不懂")
        self.book(self.check(text))
        suspense = self.ledger("suspense", "bank transfers")
        again = self.check(text.encode("gb18030"))
        self.assertEqual(self.verdicts(again), ["duplicate", "duplicate"])
        self.assertEqual(self.book(again)["booked_fen"], 0)
        self.assertEqual((self.balance(account), self.ledger("suspense", "bank transfers")), (5000, suspense))
        # Two that were checked at the same time: the second finds what the first has booked.
        text = HEADING + self.row("70.00", remark=number)
        first, second = self.check(text), self.check(text)
        self.assertEqual(self.verdicts(second), ["matched"])
        self.book(first)
        self.book(second)
        self.assertEqual((self.balance(account), self.verdicts(second)), (12000, ["duplicate"]))

    def test_lines_without_a_serial_number_are_known_again_by_all_they_say(self):
        number, (account,) = self.customer_add("黄丽娟")
        heading = "交易日期,收入金额,对方户名,摘要\n"
        alike = "2026-11-20,8.00,某某,%s\n" % number
        self.book(self.check(heading + alike + alike, bank="建行"))
        self.assertEqual(self.balance(account), 1600)  # two alike are two
        again = self.check(heading + alike + alike + alike, bank="建行")
        self.assertEqual(self.verdicts(again), ["duplicate", "duplicate", "matched"])
        self.assertEqual(self.verdicts(self.check(heading + alike, bank="农行")), ["matched"])  # another bank's own

    def test_a_repeated_serial_number_is_named(self):
        number, _ = self.customer_add("李建国")
        statement = self.check(HEADING + self.row("1.00", remark=number, serial="X-1") + self.row("1.00", remark=number, serial="X-1")
                               + self.row("2.00", remark=number, serial="X-1"))
        self.assertEqual(self.verdicts(statement), ["matched", "duplicate", "bad"])

    def test_suspense_is_assigned_once(self):
        _, (account,) = self.customer_add("王静")
        before = self.ledger("suspense", "bank transfers")
        statement = self.check(HEADING + self.row("88.00", payer="某公司", remark="水费"))
        self.book(statement)
        self.assertEqual(self.ledger("suspense", "bank transfers"), before + 8800)
        waiting = [line for line in self.call("GET", "/bank-lines?state=suspense&limit=200", expect=200)["items"]
                   if line["statement_id"] == statement["statement_id"]]
        path = "/bank-lines/%d/assign" % waiting[0]["line_id"]
        self.call("POST", path, {"account_id": 99999}, expect=404)
        line = self.call("POST", path, {"account_id": account}, expect=200)
        self.assertEqual((line["state"], self.balance(account)), ("assigned", 8800))
        self.call("POST", path, {"account_id": account}, expect=409)
        self.assertEqual((self.ledger("suspense", "bank transfers"), self.balance(account)), (before, 8800))
        payment = self.call("GET", "/payments/%d" % line["payment_id"], expect=200)
        self.assertEqual((payment["method"], payment["shift_id"]), ("bank", None))

    def held(self, statement):
        """The rows of the suspense list that came with a statement."""
        lines = {line["line_id"] for line in self.lines(statement)}
        rows = self.call("GET", "/suspense?source=bank_transfer&limit=200", expect=200)["items"]
        return [row for row in rows if row["object_id"] in lines]

    def test_what_is_nobodys_goes_back_by_two_people(self):
        if "other" not in self.people:
            self.call("POST", "/people", {"login": "other", "display_name": "李工", "role": "clerk",
                                          "area_id": self.house.root_area(), "password": PASSWORD}, expect=201)
            self.people.add("other")
        _, (account,) = self.customer_add("㛃某")
        suspense, bank = self.ledger("suspense", "bank transfers"), self.ledger("channel", "bank 工行")
        text = HEADING + self.row("66.00", payer="某公司", remark="货款") + self.row("7.00", payer="某公司")
        statement = self.check(text)
        self.book(statement)
        returned, kept = self.held(statement)
        self.assertEqual([(row["open_fen"], row["way"], row["payer"], row["approval_id"]) for row in (returned, kept)],
                         [(6600, "工行", "某公司", None), (700, "工行", "某公司", None)])
        path = "/bank-lines/%d/return" % returned["object_id"]
        self.call("POST", path, {}, expect=400)
        self.call("POST", "/bank-lines/99999/return", {"reason": "x"}, expect=404)
        asked = self.call("POST", path, {"reason": "误转"}, expect=200)["return_approval_id"]
        self.assertEqual(self.call("POST", path, {"reason": "误转"}, expect=409)["error"]["code"], "return_asked")
        self.assertEqual(self.call("POST", "/approvals/%d/approve" % asked, {}, expect=409)["error"]["code"], "second_person")
        also = self.call("POST", "/bank-lines/%d/return" % kept["object_id"], {"reason": "误转"}, expect=200)["return_approval_id"]
        self.call("POST", "/bank-lines/%d/assign" % kept["object_id"], {"account_id": account}, expect=200)  # it has an owner
        self.house.sign_in("other")
        self.call("POST", "/approvals/%d/approve" % also, {}, expect=409)
        self.call("POST", "/approvals/%d/approve" % asked, {}, expect=200)
        self.assertEqual((self.balance(account), self.held(statement)), (700, []))
        self.house.cookie, self.house.csrf = self.admin
        self.assertEqual((self.ledger("suspense", "bank transfers"), self.ledger("channel", "bank 工行")), (suspense, bank - 700))
        self.assertEqual([line["state"] for line in self.lines(statement)], ["returned", "assigned"])
        self.call("POST", "/bank-lines/%d/assign" % returned["object_id"], {"account_id": account}, expect=409)
        self.assertEqual(self.verdicts(self.check(text)), ["duplicate", "duplicate"])  # nor does it come back by the same file

    def test_a_workbook_is_read_like_the_text_of_its_first_sheet(self):
        number, (account,) = self.customer_add("莫文蔚")
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["账号 7559, 导出\"今天\""])
        sheet.append([])
        sheet.append(["交易时间", None, "收入金额", "对方户名", "附言", "流水号"])
        sheet.append([datetime.datetime(2026, 11, 20, 10, 0, 5), None, 1234.5, "某,公司", "户号%s" % number, "S-1"])
        sheet.append([datetime.date(2026, 11, 21), None, 0.1 + 0.2, "莫文蔚", "水费\n第二行", 20261121000017])
        sheet.append(["2026-11-22", None, "66.00", "某人", None, "S-3"])
        book.create_sheet("第二张").append(["不读"])
        statement = self.check(workbook_bytes(book), bank="招商", name="流水.xlsx")
        lines = self.lines(statement)
        self.assertEqual([(line["row"], line["verdict"], line["amount_fen"], line["happened"], line["payer"], line["remark"], line["serial"])
                          for line in lines],
                         [(4, "matched", 123450, "2026-11-20 10:00:05", "某,公司", "户号" + number, "S-1"),
                          (5, "ambiguous", 30, "2026-11-21", "莫文蔚", "水费 第二行", "20261121000017"),
                          (6, "unmatched", 6600, "2026-11-22", "某人", "", "S-3")])
        self.book(statement)
        self.assertEqual(self.balance(account), 123450)
        # The bank's serial number is the same in a workbook and in text.
        again = self.check("交易时间,收入金额,对方户名,附言,流水号\n2026-11-20,1234.50,x,y,S-1\n", bank="招商")
        self.assertEqual(self.verdicts(again), ["duplicate"])

    def test_days_of_a_workbook_are_those_that_it_shows(self):
        styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="58"/></cellXfs></styleSheet>'
        words = '<row>%s</row>' % "".join('<c t="str"><v>%s</v></c>' % word for word in ("交易日期", "收入金额", "付款人", "流水号"))
        row = '<row><c s="%d"><v>%d</v></c><c><v>5</v></c><c t="str"><v>某人</v></c><c t="str"><v>E-%d</v></c></row>'
        for epoch, first in (("", 46346), ('date1904="0"', 46346), ('date1904="1"', 44884), ('date1904="true"', 44884)):
            lines = "".join(row % (style, first + style, style) for style in (1, 2))
            archive = archive_bytes({"xl/styles.xml": styles, "xl/workbook.xml": "<workbook><workbookPr %s/></workbook>" % epoch,
                                     "xl/worksheets/sheet1.xml": "<worksheet>%s%s</worksheet>" % (words, lines)})
            self.assertEqual([line["happened"] for line in self.lines(self.check(archive, bank="农行"))],
                             ["2026-11-21", "2026-11-22"], epoch)

    def test_the_lines_may_stand_in_another_sheet(self):
        number, _ = self.customer_add("梁静茹")
        book = openpyxl.Workbook()
        book.active.append(["账户说明", "账号 7559"])
        hidden = book.create_sheet("旧")
        hidden.append(["交易时间", "收入金额", "附言", "流水号"])
        hidden.append(["2026-11-01", "1.00", "不读", "S-hidden"])
        hidden.sheet_state = "hidden"
        book.create_sheet("空")
        sheet = book.create_sheet("明细")
        sheet.append(["交易时间", "收入金额", "附言", "流水号"])
        sheet.append(["2026-11-20", "77.00", "户号" + number, "S-77"])
        with zipfile.ZipFile(io.BytesIO(workbook_bytes(book))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        # A bank's own program calls its parts as it likes.
        parts["xl/worksheets/account detail.xml"] = parts.pop("xl/worksheets/sheet4.xml")
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"sheet4.xml", b"account detail.xml")
        lines = self.lines(self.check(archive_bytes(parts), bank="建行", name="流水.xlsx"))
        self.assertEqual([(line["row"], line["verdict"], line["amount_fen"], line["serial"]) for line in lines],
                         [(2, "matched", 7700, "S-77")])
        del parts["xl/worksheets/account detail.xml"]
        self.assertEqual(self.check(archive_bytes(parts), expect=422)["error"]["code"], "statement_text")

    def test_a_hostile_workbook_is_refused_at_once(self):
        sheet = "<worksheet><sheetData>%s</sheetData></worksheet>"
        entities = '<!DOCTYPE a [<!ENTITY b "%s"><!ENTITY c "%s">]>' % ("x" * 1000, "&b;" * 1000)
        row = '<row r="%d"><c r="A%d" t="s"><v>%s</v></c></row>'
        cases = {
            "bomb": ({"xl/worksheets/sheet1.xml": " " * 60_000_000}, "statement_text"),
            "strings": ({"xl/sharedStrings.xml": "<sst>" + "<si><t>x</t></si>" * 400_000 + "</sst>",
                         "xl/worksheets/sheet1.xml": sheet % ""}, "statement_long"),
            "entities": ({"xl/worksheets/sheet1.xml": entities + sheet % "<row><c t='inlineStr'><is><t>&c;</t></is></c></row>"},
                         "statement_text"),
            "index": ({"xl/worksheets/sheet1.xml": sheet % (row % (1, 1, "7"))}, "statement_text"),
            "rows": ({"xl/worksheets/sheet1.xml": sheet % (row % (1048576, 1048576, "0"))}, "statement_long"),
            "back": ({"xl/worksheets/sheet1.xml": sheet % ((row % (2, 2, "")) + (row % (1, 1, "")))}, "statement_text"),
            "broken": ({"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}, "statement_text"),
            "nothing": ({"word/document.xml": "<a/>"}, "statement_text"),
            "empty": ({"xl/worksheets/sheet1.xml": sheet % ""}, "statement_empty"),
        }
        for name, (parts, code) in cases.items():
            self.assertEqual(self.check(archive_bytes(parts), expect=422)["error"]["code"], code, name)
        whole = archive_bytes({"xl/worksheets/sheet1.xml": sheet % (row % (1, 1, ""))})
        for cut in (4, 30, len(whole) // 2, len(whole) - 1):
            self.assertEqual(self.check(whole[:cut], expect=422)["error"]["code"], "statement_text", cut)

    def test_a_mapping_is_remembered_for_its_bank(self):
        number, (account,) = self.customer_add("陈佳怡")
        text = "招商银行对账单,,,\n账号,7559,,\n日子,发生额,方向,说明一,说明二\n1日,12.00,进,%s,水\n2日,13.00,出,%s,水\n合计,25.00,进,,\n"
        text = text % (number, number)
        self.assertEqual(self.check(text, bank="招行", expect=422)["error"]["code"], "statement_columns")
        self.call("POST", "/bank-mappings", {"bank": "招行", "amount": "发生额", "direction": "方向"}, expect=422)
        self.call("POST", "/bank-mappings", {"bank": "招行", "amount": "发生额", "direction": "方向", "incoming": "进",
                                             "time": "日子", "remark": "说明一+说明二"})
        self.assertIn(self.house.status, (200, 201))
        statement = self.check(text, bank="招行")
        lines = self.lines(statement)
        self.assertEqual([line["verdict"] for line in lines], ["matched", "outgoing", "unmatched"])
        self.assertEqual(lines[0]["remark"], number + " 水")
        self.call("POST", "/bank-mappings", {"bank": "招行", "amount": "没有这列"})
        self.assertIn("没有这列", self.check(text, bank="招行", expect=422)["error"]["message"])
        banks = [row["bank"] for row in self.call("GET", "/bank-mappings", expect=200)["items"]]
        self.assertIn("招行", banks)

    def test_what_is_no_statement_is_refused_with_the_reason(self):
        for body, code in ((b"\xff\xfe\x00\x01", "statement_text"), (b"a,b\n1,2\n", "statement_columns"),
                           (HEADING + '"offen', "statement_text"), (HEADING, "statement_empty"),
                           (HEADING + self.row("1") * 5001, "statement_long"), (HEADING + "a" * 600 + ",1\n", "statement_text")):
            self.assertEqual(self.check(body, expect=422)["error"]["code"], code, body[:40])
        over = self.check(HEADING + self.row("999999999999") + self.row("9223372036854775807.00") + self.row("0.001"))
        self.assertEqual(self.verdicts(over), ["bad", "bad", "bad"])

    def test_an_amount_that_may_mean_another_is_none(self):
        good = {"1,234.50": 123450, "￥1,234,567.89": 123456789, "¥ 5": 500, "5元": 500, "+5": 500, "1000.5": 100050}
        wrong = ("(100.00)", "100 200", "12/34", "1.005", "1,23", "1.234,50", "1,2,3", ",100", "1.5,000", "$5", "€5", "USD 5",
                 "1'000", "5;6", "100%", "１００", "壹佰元", "5-", "--5", ".5", "5.", "1e400", "0x10", "9223372036854775808")
        statement = self.check(HEADING + "".join(self.row(amount) for amount in (*good, *wrong)), bank="民生")
        lines = self.lines(statement)
        self.assertEqual([line["amount_fen"] for line in lines[:len(good)]], list(good.values()))
        self.assertEqual({amount: (line["verdict"], line["problem"]) for amount, line in zip(wrong, lines[len(good):])},
                         {amount: ("bad", "amount_form") for amount in wrong})

    def test_booking_is_cancelled_and_what_is_booked_stands(self):
        number, (account,) = self.customer_add("林志远")
        checked = self.check(HEADING + self.row("5.00", remark=number))
        path = "/bank-statements/%d" % checked["statement_id"]
        self.assertEqual(self.call("POST", path + "/cancel", {}, expect=200)["state"], "cancelled")
        self.call("POST", path + "/book", {}, expect=409)
        self.assertEqual((self.lines(checked), self.balance(account)), ([], 0))
        many = self.check(HEADING + "".join(self.row("0.01", remark=number) for _ in range(300)))
        path = "/bank-statements/%d" % many["statement_id"]
        self.call("POST", path + "/book", {}, expect=200)
        self.call("POST", path + "/cancel", {})
        stopped = self.call("GET", path, expect=200)
        self.assertIn(stopped["state"], ("cancelled", "booked"))
        self.assertEqual(self.balance(account), stopped["booked_fen"])

    def test_a_kill_loses_no_line_and_books_none_twice(self):
        number, (account,) = self.customer_add("张伟")
        statement = self.check(HEADING + "".join(self.row("0.03", remark=number) for _ in range(400)))
        path = "/bank-statements/%d" % statement["statement_id"]
        self.call("POST", path + "/book", {}, expect=200)
        self.house.kill()
        checked = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True)
        self.house.start()
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.house.until(path, lambda answer: answer["state"] == "booked")
        self.assertEqual(self.balance(account), 1200)

    def test_only_people_of_the_whole_organisation(self):
        self.call("POST", "/people", {"login": "far", "display_name": "far", "role": "clerk", "area_id": self.building,
                                      "password": PASSWORD}, expect=201)
        self.house.sign_in("far")
        self.check(HEADING + self.row("1.00"), expect=403)
        self.assertEqual(self.call("GET", "/bank-lines", expect=200)["items"], [])


if __name__ == "__main__":
    unittest.main()
