#!/usr/bin/env python3
"""Reports of money over a large store: how fast the sums are brought up, and how long each report takes.

usage: money_report_bench.py METERWORKS [ACCOUNTS [DAYS]]

Every account has a bill of four items with its postings and two thirds have paid it, spread over DAYS and over a building for each 200 accounts.
The store is filled beforehand; the program then serves it."""
import http.client
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

PROGRAM = os.path.abspath(sys.argv[1])
ACCOUNTS = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
DAYS = int(sys.argv[3]) if len(sys.argv) > 3 else 365
os.environ["METERWORKS"] = PROGRAM
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "flows"))
from installation import Installation  # noqa: E402

DAY_S = 86400
ZONE_S = 28800
ITEMS = ("water", "sewage", "resource", "garbage")
BUILDINGS = max(1, ACCOUNTS // 200)
FIRST_WALLET = 100
FENS = (3000, 1800, 1000, 300)
LINES = json.dumps([[item, 0, "", 120000, 100000000, 0, fen] for item, fen in zip(ITEMS, FENS)])


def transfers_fill(base):
    """As settlements and payments post: each transfer names the one before it of both its accounts."""
    base.execute("CREATE TEMP TABLE moved (transfer_id INTEGER PRIMARY KEY, debit, credit, fen, kind, reference, at_s)")
    base.execute("INSERT INTO moved SELECT 1 + i, %d + i, 12, 6100, 'bill', 1 + i, day * 86400 FROM sold" % FIRST_WALLET)
    for number, fen in enumerate(FENS):
        base.execute("INSERT INTO moved SELECT 1 + %d + i, 12, %d, %d, 'bill', 1000 + i / 200, day * 86400 FROM sold"
                     % (ACCOUNTS * (1 + number), 1 + number, fen))
    base.execute("INSERT INTO moved SELECT 1 + %d + i, 10 + i %% 2, %d + i, 6100, 'payment', 1 + i, day * 86400 FROM sold WHERE paid"
                 % (ACCOUNTS * 5, FIRST_WALLET))
    base.execute("CREATE TEMP TABLE chain AS SELECT transfer_id, is_debit, account, lag(transfer_id, 1, 0) OVER (PARTITION BY account"
                 " ORDER BY transfer_id) AS before FROM (SELECT transfer_id, 1 AS is_debit, debit AS account FROM moved"
                 " UNION ALL SELECT transfer_id, 0, credit FROM moved)")
    base.execute("CREATE TEMP TABLE link AS SELECT transfer_id, sum(is_debit * before) AS debit_before,"
                 " sum((1 - is_debit) * before) AS credit_before FROM chain GROUP BY transfer_id")
    base.execute("INSERT INTO transfer (transfer_id, tenant_id, debit_account_id, credit_account_id, amount_fen, reference, at_s,"
                 " value_s, debit_before, credit_before, kind) SELECT m.transfer_id, 1, debit, credit, fen, reference, at_s, at_s,"
                 " debit_before, credit_before, kind FROM moved m JOIN link l ON l.transfer_id = m.transfer_id ORDER BY 1")
    base.execute("INSERT INTO transfer_block SELECT transfer_id / 4096, min(at_s), max(at_s), min(value_s), max(value_s)"
                 " FROM transfer GROUP BY 1")
    base.execute("CREATE TEMP TABLE total AS SELECT account, max(transfer_id) AS last, sum(is_debit * fen) AS debits,"
                 " sum((1 - is_debit) * fen) AS credits FROM chain JOIN moved USING (transfer_id) GROUP BY account")
    base.execute("UPDATE ledger_account SET debits_fen = t.debits, credits_fen = t.credits, last_transfer_id = t.last"
                 " FROM total t WHERE t.account = ledger_account_id")


def fill(data, estate_id, path):
    today = (int(time.time()) + ZONE_S) // DAY_S
    base = sqlite3.connect(os.path.join(data, "meterworks.db"))
    base.execute("PRAGMA synchronous = OFF")
    base.executemany("INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path) VALUES (?, 1, ?, 'building', ?, ?)",
                     [(1000 + i, estate_id, "%d栋" % i, "%s%d/" % (path, 1000 + i)) for i in range(BUILDINGS)])
    base.execute("INSERT INTO customer (customer_id, tenant_id, number, name, created_s) VALUES (1, 1, '1', '陈佳怡', 0)")
    base.execute("INSERT INTO tariff (tariff_id, tenant_id, name) VALUES (1, 1, '水价')")
    base.executemany("INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, name) VALUES (?, 1, ?, ?)",
                     [(1 + i, "revenue", name) for i, name in enumerate(ITEMS)] + [(10, "cash", "counter"), (11, "channel", "wechat"), (12, "clearing", "bills")])
    numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) " % ACCOUNTS
    base.execute("INSERT INTO ledger_account (ledger_account_id, tenant_id, kind) " + numbers + "SELECT %d + i, 1, 'wallet' FROM n" % FIRST_WALLET)
    base.execute("INSERT INTO account (account_id, tenant_id, customer_id, area_id, tariff_id, payment_mode, wallet_id, opened_s, look_s) "
                 + numbers + "SELECT 1 + i, 1, 1, 1000 + i / 200, 1, 'postpaid', %d + i, 0, 4000000000 FROM n" % FIRST_WALLET)
    begin = time.monotonic()
    base.execute("CREATE TEMP TABLE sold AS " + numbers + "SELECT i, %d - (i * 7919) %% %d AS day, i %% 3 < 2 AS paid FROM n"
                 % (today, DAYS))
    base.execute("INSERT INTO bill (bill_id, tenant_id, account_id, number, from_day, to_day, from_total_value, to_total_value,"
                 " usage_value, amount_fen, paid_fen, state, due_day, issued_s, tariff_version_id, area_id, transfer_id, lines)"
                 " SELECT 1 + i, 1, 1 + i, 'B' || i, day - 31, day, 0, 0, 12000000, 6100, paid * 6100, iif(paid, 'paid', 'issued'),"
                 " day + 15, day * 86400, 1, 1000 + i / 200, 1 + i, ? FROM sold", (LINES,))
    base.execute("INSERT INTO bill_due SELECT 1, due_day, area_id, count(*), sum(state = 'issued'), sum(amount_fen), sum(paid_fen)"
                 " FROM bill GROUP BY due_day, area_id")
    transfers_fill(base)
    print("bills of %d accounts inserted, with their sums and postings: %.1f s" % (ACCOUNTS, time.monotonic() - begin))
    base.commit()
    base.close()


def fetch(house, path):
    """Seconds, and the bytes of the answer; or why there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", house.http_port, timeout=600)
    begin = time.monotonic()
    connection.request("GET", "/api/v1" + path, headers={"Cookie": house.cookie})
    response = connection.getresponse()
    text = response.read()
    told = "%d bytes" % len(text) if response.status == 200 else json.loads(text)["error"]["code"]
    return time.monotonic() - begin, told


def sums_await(data):
    base = sqlite3.connect(os.path.join(data, "meterworks.db"))
    newest = base.execute("SELECT max(transfer_id) FROM transfer").fetchone()[0]
    begin = time.monotonic()
    while base.execute("SELECT transfer_id FROM money_fold").fetchone()[0] < newest:
        time.sleep(0.1)
    base.close()
    return newest, time.monotonic() - begin


def main():
    house = Installation()
    try:
        house.start()
        house.sign_in()
        estate = house.add_area(house.root_area(), "estate", "榕荫花园")
        house.stop()
        fill(house.data, estate, "/1/%d/" % estate)
        house.start()
        house.sign_in()
        transfers, seconds = sums_await(house.data)
        print("%d transfers brought into the sums in %.1f s: %.0f/s" % (transfers, seconds, transfers / max(seconds, 0.1)))
        first = time.strftime("%Y-%m-%d", time.gmtime(time.time() + ZONE_S - (DAYS + 1) * DAY_S))
        for path in ("/reports/revenue?every=day", "/reports/revenue?every=month", "/reports/receipts?every=month",
                     "/reports/revenue?every=whole&by=area", "/reports/revenue?every=whole&by=area&area_id=%d" % estate,
                     "/reports/collection?every=month", "/reports/collection?every=whole&by=area&area_id=%d" % estate):
            print("%-50s %.3f s, %s" % ((path,) + fetch(house, path + "&from=" + first)))
        print("%-50s %.3f s, %s" % (("/reports/ageing",) + fetch(house, "/reports/ageing?by=area")))
        house.stop()
        subprocess.run([PROGRAM, "verify", "--data", house.data], check=True, stdout=subprocess.DEVNULL)
        print("the books are proved")
    finally:
        house.close()


main()
