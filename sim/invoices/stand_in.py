#!/usr/bin/env python3
"""A stand-in for who issues invoices: checks the signature and the sums of every request, then answers.

usage: stand_in.py --folder FOLDER [--port PORT]

Writes FOLDER/invoices.json for `meterworks serve --invoices FOLDER/invoices.json`. An invoice is issued when it is asked
about for the first time after it was handed over. GET /ctl/seen lists what was understood; GET
/ctl/misbehave?how=silent|error|forge&times=N spoils the next answers. A
buyer whose name begins with 被拒 is refused. Nothing of src/ is used."""
import argparse
import hashlib
import hmac
import http.server
import json
import pathlib
import re
import secrets
import sys
import threading
import time
import urllib.parse

ACCOUNT = "demo-seller"
WINDOW_S = 300


def fen(text):
    """'12.34' as 1234; anything else is refused."""
    match = re.fullmatch(r"(-?)(\d+)\.(\d\d)", text)
    if not match:
        raise ValueError("no amount: %r" % (text,))
    return (-1 if match[1] else 1) * (int(match[2]) * 100 + int(match[3]))


def invoice_check(message):
    """What is wrong with an invoice; None when it adds up."""
    sums = {"amount": 0, "tax": 0, "total": 0}
    if not re.fullmatch(r"[0-9A-Z]{15,20}", message["seller"]["tax_number"]):
        return "seller's tax number"
    buyer = message["buyer"]
    if not buyer["name"] or buyer["natural_person"] == bool(buyer["tax_number"]):
        return "buyer"
    if not 1 <= len(message["lines"]) <= 100:
        return "number of lines"
    for line in message["lines"]:
        if not re.fullmatch(r"\d{19}", line["category_code"]) or not re.fullmatch(r"\*[^*]+\*.+", line["name"]):
            return "category or name of a line"
        amount, tax, total = (fen(line[name]) for name in ("amount", "tax", "total"))
        # Half up, in integers: rates have at most four places.
        rate = round(float(line["rate"]) * 10000)
        if amount + tax != total or abs(tax * (10000 + rate) - total * rate) * 2 > 10000 + rate:
            return "tax of a line"
        for name, value in (("amount", amount), ("tax", tax), ("total", total)):
            sums[name] += value
    return None if all(sums[name] == fen(message[name]) for name in sums) else "sums"


class House:
    """The books of the stand-in."""

    def __init__(self, secret):
        self.secret = secret
        self.lock = threading.Lock()
        self.invoices = {}
        self.spoiled = []
        self.problems = []

    def admit(self, authorization, body):
        match = re.fullmatch(r'METERWORKS-HMAC-SHA256 account="([^"]+)", time="(\d+)", signature="([0-9a-f]{64})"',
                             authorization or "")
        if not match or match[1] != ACCOUNT or abs(int(match[2]) - time.time()) > WINDOW_S:
            return False
        proof = hmac.new(self.secret.encode(), match[2].encode() + b"\n" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(proof, match[3])

    def issue(self, message):
        known = self.invoices.get(message["serial"])
        if known is None:
            if message["buyer"]["name"].startswith("被拒"):
                return {"serial": message["serial"], "state": "refused", "reason": "税号与名称不符"}
            problem = invoice_check(message)
            if problem:
                self.problems.append(problem)
                return {"serial": message["serial"], "state": "refused", "reason": problem}
            self.invoices[message["serial"]] = known = {"message": message, "state": "working", "number": "", "red": "",
                                                        "times": 0}
        known["times"] += 1
        return self.told(message["serial"], known["state"], known["number"])

    @staticmethod
    def told(serial, state, number):
        # Numbers and codes of a play: whoever scans the code reads so.
        code = "METERWORKS-TEST,%s,%s" % (number, serial) if number else ""
        return {"serial": serial, "state": state, "number": number, "test": True, "code": code}

    def query(self, message):
        known = self.invoices[message["serial"]]
        if known["state"] == "working":
            known["state"] = "issued"
            known["number"] = "2544%016d" % len(self.invoices)
        return self.told(message["serial"], known["state"], known["number"])

    def red_letter(self, message):
        known = self.invoices[message["serial"]]
        if known["number"] != message["number"] or fen(message["total"]) != -fen(known["message"]["total"]):
            return {"serial": message["serial"], "state": "refused", "reason": "another invoice"}
        if not known["red"]:
            known["red"] = "2545%016d" % len(self.invoices)
            return self.told(message["serial"], "working", "")
        return self.told(message["serial"], "issued", known["red"])

    def red_query(self, message):
        return self.told(message["serial"], "issued", self.invoices[message["serial"]]["red"])

    def answer(self, message):
        how = self.spoiled.pop(0) if self.spoiled else ""
        done = {"issue": self.issue, "query": self.query, "red_letter": self.red_letter,
                "red_query": self.red_query}[message["action"]](message)
        if how == "forge":
            return 200, {"serial": "MW-of-somebody-else", "state": "issued", "number": "9" * 20}
        return (500, {}) if how == "error" else (0, {}) if how == "silent" else (200, done)


class Handler(http.server.BaseHTTPRequestHandler):
    house = None

    def log_message(self, format, *arguments):
        """Quiet."""

    def give(self, status, document):
        body = json.dumps(document, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.house.lock:
            if not self.house.admit(self.headers.get("Authorization"), body):
                self.house.problems.append("signature")
                self.give(401, {})
                return
            status, document = self.house.answer(json.loads(body))
        if status:
            self.give(status, document)

    def do_GET(self):
        target = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(target.query))
        with self.house.lock:
            if target.path == "/ctl/misbehave":
                self.house.spoiled += [query["how"]] * int(query.get("times", "1"))
            self.give(200, {"invoices": self.house.invoices, "problems": self.house.problems})


def serve(folder, port=0):
    """Start; gives the server, which stops by shutdown(), and the path of the file for --invoices."""
    secret = secrets.token_hex(16)
    house = House(secret)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), {"house": house}))
    path = pathlib.Path(folder) / "invoices.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({"provider": "json", "url": "http://127.0.0.1:%d/invoices" % server.server_port,
                                "account": ACCOUNT, "secret": secret}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, house, str(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    server, _, path = serve(arguments.folder, arguments.port)
    print("invoices", server.server_port, path, flush=True)
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
