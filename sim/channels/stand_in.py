#!/usr/bin/env python3
"""Stand-ins for WeChat Pay, Alipay and UnionPay: real signatures checked and made, on the loopback, with keys of their own.

usage: stand_in.py --folder FOLDER [--port PORT] [--server URL] [--return-to URL]

Makes keys and FOLDER/channels.json for `meterworks serve --channels FOLDER/channels.json`, serves the three channels at
PORT, and calls back at URL. GET /ctl/pay?number=NUMBER pays an order, with copies=2, amount=FEN, forge=1, age=SECONDS to
misbehave; /ctl/misbehave?path=TEXT&how=silent|error|forge|hang|redirect&times=N spoils the next answers whose path holds TEXT.

Where a payer's browser is led (WeChat H5, Alipay wap and page, UnionPay front) there is a cash page with two buttons:
pay, or go back without. It leads back to --return-to, or where redirect_url says.

Nothing of src/ is used: openssl's command line signs and verifies, its library seals. For tests and demonstrations."""
import argparse
import base64
import ctypes
import ctypes.util
import hashlib
import html
import http.client
import http.server
import io
import json
import pathlib
import re
import secrets
import subprocess
import tempfile
import threading
import time
import urllib.parse
import zipfile
import zlib

MCHID, APPID, CIPHER_KEY = "1900000109", "wx1234567890abcdef", "0123456789abcdef0123456789abcdef"
ALIPAY_APP, ALIPAY_SELLER = "2021000000000001", "2088000000000001"
UNIONPAY_MERCHANT, UNIONPAY_NAME = "777290058000001", "041@Z12@00040000:SIGN"
LOGIN_SECRET, OPENID = "f0e1d2c3b4a5968778695a4b3c2d1e0f", "oTest0000000000000000000001"
MERCHANT_SERIAL, PLATFORM_SERIAL = "3775B6A45ACD588826D15E583A95F5DD", "7A0DF0000001"


def openssl(*arguments, check=True):
    return subprocess.run(["openssl", *map(str, arguments)], check=check, capture_output=True)


class Keys:
    """Keys and certificates in a folder, made once; signing and verifying by openssl's command line."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.certificate("merchant", "0x" + MERCHANT_SERIAL, "/O=Waterworks/CN=" + MCHID)
        self.certificate("platform", "0x" + PLATFORM_SERIAL, "/O=Channel/CN=platform")
        self.certificate("root", "0x101", "/O=Authority/CN=root", authority=True)
        self.certificate("signer", "0x103", "/O=Authority/CN=" + UNIONPAY_NAME, "root")
        self.certificate("stranger", "0x105", "/O=Nobody/CN=" + UNIONPAY_NAME)

    def path(self, name, kind):
        return self.folder / ("%s.%s.pem" % (name, kind))

    def certificate(self, name, serial, subject, issuer=None, authority=False):
        if self.path(name, "crt").exists():
            return
        key = self.path(name, "key")
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
        key.chmod(0o600)
        openssl("pkey", "-in", key, "-pubout", "-out", self.path(name, "pub"))
        request, extension = self.folder / "request", self.folder / "extension"
        extension.write_text("basicConstraints=critical,CA:%s\n" % ("TRUE" if authority else "FALSE"))
        openssl("req", "-new", "-key", key, "-subj", subject, "-out", request)
        signer = ["-key", key] if issuer is None else ["-CA", self.path(issuer, "crt"), "-CAkey", self.path(issuer, "key")]
        openssl("x509", "-req", "-in", request, *signer, "-set_serial", serial, "-days", "3650", "-extfile", extension,
                "-out", self.path(name, "crt"))

    def sign(self, name, text):
        with tempfile.NamedTemporaryFile() as file:
            file.write(text.encode())
            file.flush()
            done = openssl("dgst", "-sha256", "-sign", self.path(name, "key"), file.name)
        return base64.b64encode(done.stdout).decode()

    def verify(self, name, text, signature):
        with tempfile.NamedTemporaryFile() as file, tempfile.NamedTemporaryFile() as signed:
            file.write(text.encode())
            signed.write(base64.b64decode(signature))
            file.flush()
            signed.flush()
            done = openssl("dgst", "-sha256", "-verify", self.path(name, "pub"), "-signature", signed.name, file.name,
                           check=False)
        return done.returncode == 0


def gcm_seal(key, nonce, additional, plain):
    """AES-256-GCM by openssl's library: ciphertext and tag."""
    crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
    crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
    crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
    context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    out, tag, size = ctypes.create_string_buffer(len(plain) + 16), ctypes.create_string_buffer(16), ctypes.c_int()
    crypto.EVP_EncryptInit_ex(context, ctypes.c_void_p(crypto.EVP_aes_256_gcm()), None, None, None)
    crypto.EVP_CIPHER_CTX_ctrl(context, 9, len(nonce), None)
    crypto.EVP_EncryptInit_ex(context, None, None, key, nonce)
    crypto.EVP_EncryptUpdate(context, None, ctypes.byref(size), additional, len(additional))
    crypto.EVP_EncryptUpdate(context, out, ctypes.byref(size), plain, len(plain))
    done = size.value
    crypto.EVP_EncryptFinal_ex(context, ctypes.byref(out, done), ctypes.byref(size))
    crypto.EVP_CIPHER_CTX_ctrl(context, 16, 16, tag)
    crypto.EVP_CIPHER_CTX_free(context)
    return out.raw[:done] + tag.raw


def joined(fields, without):
    return "&".join("%s=%s" % (name, fields[name]) for name in sorted(fields) if name not in without and fields[name])


def yuan(amount_fen):
    return "%d.%02d" % (amount_fen // 100, amount_fen % 100)


def fen(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


CASH_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ margin: 0; font: 17px/1.5 system-ui, sans-serif; color: #1b2027; background: #f2f4f7; text-align: center }}
main {{ max-width: 420px; margin: 0 auto; padding: 32px 20px; background: #fff; min-height: 100vh; box-sizing: border-box }}
.amount {{ font-size: 40px; font-weight: 650; margin: 18px 0 30px }}
button, a {{ display: block; box-sizing: border-box; width: 100%; padding: 14px; border-radius: 8px; font: inherit }}
button {{ border: 0; background: {colour}; color: #fff; font-weight: 650 }}
a {{ margin-top: 14px; color: #4d5663 }} small {{ display: block; margin-top: 30px; color: #4d5663 }}
</style></head><body><main><p>{title}</p><p class="amount">¥{yuan}</p>
<form method="post" action="/cash/confirm?number={number}&amp;back={back}"><button id="confirm">确认支付 · Pay</button></form>
<a href="{link}">不付了, 返回 · Back without paying</a>
<small>演示收银台, 不涉及真实资金 · A stand-in: no real money moves</small></main></body></html>"""
CASH_TITLES = {"wechat": ("微信支付(演示)", "#07823f"), "alipay": ("支付宝(演示)", "#0b5cad"), "unionpay": ("银联(演示)", "#b3261e")}


class Refused(Exception):
    """Our client said something that the channel would not take."""


class StandIn:
    """The three channels' memory, and what they do to their customers' merchants."""

    def __init__(self, folder, server=None, return_to="https://pay.example.cn/r"):
        self.keys = Keys(folder)
        self.return_to = return_to
        self.server = server          # where callbacks go: "127.0.0.1:8080"
        self.lock = threading.RLock()
        self.orders, self.refunds, self.nonces, self.spoiled = {}, {}, set(), []
        self.refused = []             # what was wrong about our client's requests
        self.calls = []               # paths, in order
        self.released = threading.Event()  # what hangs is answered then
        self.codes = {}               # of WeChat's log-in: who each code names, until it is used
        self.http = None

    def start(self, port=0):
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                owner.serve(self, "")

            def do_POST(self):
                owner.serve(self, self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.write_channels()
        return self

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.http.server_port

    @property
    def channels_path(self):
        return str(self.keys.folder / "channels.json")

    def write_channels(self):
        def notify(name):
            return "https://pay.example.cn/api/v1/payment-channels/%s/notify" % name

        cipher = self.keys.folder / "cipher.key"
        cipher.write_text(CIPHER_KEY + "\n")
        cipher.chmod(0o600)
        secret = self.keys.folder / "login.secret"
        secret.write_text(LOGIN_SECRET + "\n")
        secret.chmod(0o600)
        common = {"private_key": "merchant.key.pem", "certificate": "merchant.crt.pem"}
        channels = [
            {**common, "name": "wechat", "kind": "wechat", "base_url": self.url + "/wechat", "notify_url": notify("wechat"),
             "merchant_id": MCHID, "application_id": APPID, "cipher_key": "cipher.key", "login_secret": "login.secret",
             "authorize_url": self.url + "/open/connect/oauth2/authorize", "identity_url": self.url + "/open",
             "channel_keys": [{"file": "platform.crt.pem"}]},
            {"name": "alipay", "kind": "alipay", "base_url": self.url + "/alipay/gateway.do", "notify_url": notify("alipay"),
             "return_url": self.return_to, "merchant_id": ALIPAY_SELLER, "application_id": ALIPAY_APP,
             "private_key": "merchant.key.pem", "channel_keys": [{"file": "platform.pub.pem"}]},
            {**common, "name": "unionpay", "kind": "unionpay", "base_url": self.url + "/unionpay",
             "bill_url": self.url + "/unionpay/file", "notify_url": notify("unionpay"), "return_url": self.return_to,
             "merchant_id": UNIONPAY_MERCHANT, "signer_name": "00040000:SIGN", "channel_keys": [{"file": "root.crt.pem"}]},
        ]
        path = pathlib.Path(self.channels_path)
        path.write_text(json.dumps({"channels": channels}, indent=1) + "\n")
        path.chmod(0o600)

    def misbehave(self, path, how, times=1):
        """how: silent (no answer), error (500), forge (another key's signature), hang (an answer when released), redirect."""
        with self.lock:
            self.spoiled.append({"path": path, "how": how, "times": times})

    def spoil_of(self, path):
        with self.lock:
            for entry in self.spoiled:
                if entry["path"] in path and entry["times"] > 0:
                    entry["times"] -= 1
                    return entry["how"]
        return ""

    def serve(self, request, body):
        target = urllib.parse.urlsplit(request.path)
        with self.lock:
            self.calls.append(target.path)
        how = "" if target.path.startswith("/ctl/") else self.spoil_of(request.path + body)
        if how == "silent":
            request.close_connection = True
            return
        if how == "hang":
            self.released.wait(60)
        if how == "error":
            self.answer(request, 500, "broken")
            return
        if how == "redirect":
            self.answer(request, 307, "", [("Location", self.url + "/elsewhere" + request.path)])
            return
        try:
            part = target.path.split("/")[1]
            if part == "favicon.ico":
                self.answer(request, 204, "")
                return
            handler = {"wechat": self.wechat, "alipay": self.alipay, "unionpay": self.unionpay, "ctl": self.control,
                       "cash": self.cash, "open": self.open}[part]
            handler(request, target, body, how == "forge")
        except Refused as reason:
            with self.lock:
                self.refused.append("%s: %s" % (target.path, reason))
            self.answer(request, 401, json.dumps({"code": "SIGN_ERROR", "message": str(reason)}))

    @staticmethod
    def answer(request, status, text, headers=()):
        data = text if isinstance(text, bytes) else text.encode()
        request.send_response(status)
        for name, value in headers:
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        if status != 204:
            request.wfile.write(data)

    def control(self, request, target, body, forge):
        asked = dict(urllib.parse.parse_qsl(target.query))
        if target.path == "/ctl/misbehave":
            self.misbehave(asked["path"], asked["how"], int(asked.get("times", 1)))
            said = {}
        else:
            amount = int(asked["amount"]) if "amount" in asked else None
            said = {"statuses": self.pay(asked["number"], int(asked.get("copies", 1)), amount, asked.get("forge") == "1",
                                         int(asked.get("age", 0)))}
        self.answer(request, 200, json.dumps(said))

    def cash_page(self, request, number, back=None):
        order, back = self.orders[number], back or self.return_to
        title, colour = CASH_TITLES[order["channel"]]
        page = CASH_PAGE.format(title=title, colour=colour, yuan=yuan(order["amount_fen"]), number=number,
                                back=urllib.parse.quote(back, safe=""), link=html.escape(back, quote=True))
        self.answer(request, 200, page, [("Content-Type", "text/html; charset=utf-8")])

    def cash(self, request, target, body, forge):
        asked = dict(urllib.parse.parse_qsl(target.query))
        if asked.get("number") not in self.orders:
            self.answer(request, 404, "no such order")
        elif target.path == "/cash/confirm":
            self.pay(asked["number"])
            self.answer(request, 303, "", [("Location", asked["back"])])
        else:
            self.cash_page(request, asked["number"], asked.get("redirect_url"))

    def order_open(self, channel, number, amount_fen, notify_url, **more):
        with self.lock:
            order = self.orders.setdefault(number, {"channel": channel, "number": number, "amount_fen": amount_fen,
                                                    "notify": urllib.parse.urlsplit(notify_url).path, "state": "open",
                                                    "reference": "", **more})
            if order["amount_fen"] != amount_fen:
                raise Refused("the number was used for another amount")
            return order

    def pay(self, number, copies=1, amount_fen=None, forge=False, age_s=0, call_back=True):
        """The customer pays; the channel calls back, `copies` times. amount_fen: what the callback claims instead."""
        with self.lock:
            order = self.orders[number]
            order["state"] = "paid"
            order["reference"] = order["reference"] or "42%019d" % secrets.randbelow(10**18)
            order["paid_s"] = time.time()
        return [self.call_back(order, amount_fen, forge, age_s) for _ in range(copies)] if call_back else []

    def call_back(self, order, amount_fen=None, forge=False, age_s=0):
        """The status our server answers with."""
        make = {"wechat": self.wechat_notice, "alipay": self.alipay_notice, "unionpay": self.unionpay_notice}[order["channel"]]
        return self.post(order["notify"], *make(order, amount_fen or order["amount_fen"], forge, age_s))

    def post(self, path, body, headers):
        connection = http.client.HTTPConnection(self.server, timeout=30)
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        self.last_reply = response.read().decode()
        connection.close()
        return response.status

    def refund_open(self, order, number, amount_fen):
        with self.lock:
            before = sum(refund["amount_fen"] for refund in self.refunds.values()
                         if refund["order"] == order["number"] and refund["number"] != number)
            if order["state"] != "paid" or before + amount_fen > order["amount_fen"]:
                return None
            return self.refunds.setdefault(number, {"number": number, "order": order["number"], "amount_fen": amount_fen,
                                                    "paid_s": time.time()})

    # WeChat Pay API v3

    def wechat_admit(self, request, body):
        match = re.fullmatch(r'WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w+)",timestamp="(\d+)",serial_no="(\w+)",'
                             r'signature="([^"]+)"', request.headers.get("Authorization", ""))
        if match is None:
            raise Refused("Authorization")
        mchid, nonce, timestamp, serial, signature = match.groups()
        path = request.path[len("/wechat"):]
        text = "%s\n%s\n%s\n%s\n%s\n" % (request.command, path, timestamp, nonce, body)
        if mchid != MCHID or serial != MERCHANT_SERIAL or abs(time.time() - int(timestamp)) > 300:
            raise Refused("merchant, serial or time")
        with self.lock:
            if nonce in self.nonces:
                raise Refused("nonce used before")
            self.nonces.add(nonce)
        if not self.keys.verify("merchant", text, signature):
            raise Refused("signature")

    def wechat_headers(self, body, forge=False, age_s=0):
        timestamp, nonce = str(int(time.time()) - age_s), secrets.token_hex(16)
        signature = self.keys.sign("stranger" if forge else "platform", "%s\n%s\n%s\n" % (timestamp, nonce, body))
        return {"Wechatpay-Serial": PLATFORM_SERIAL, "Wechatpay-Signature": signature, "Wechatpay-Timestamp": timestamp,
                "Wechatpay-Nonce": nonce, "Content-Type": "application/json"}

    def wechat_transaction(self, order, amount_fen):
        states = {"open": "NOTPAY", "paid": "SUCCESS", "closed": "CLOSED"}
        refunded = any(refund["order"] == order["number"] for refund in self.refunds.values())
        return {"mchid": MCHID, "appid": APPID, "out_trade_no": order["number"], "transaction_id": order["reference"],
                "trade_state": "REFUND" if refunded else states[order["state"]],
                "amount": {"total": amount_fen, "payer_total": amount_fen, "currency": "CNY"}}

    def wechat_notice(self, order, amount_fen, forge, age_s):
        plain = json.dumps(self.wechat_transaction(order, amount_fen)).encode()
        nonce = secrets.token_hex(6)
        sealed = gcm_seal(CIPHER_KEY.encode(), nonce.encode(), b"transaction", plain)
        body = json.dumps({"id": secrets.token_hex(8), "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource",
                           "resource": {"algorithm": "AEAD_AES_256_GCM", "original_type": "transaction",
                                        "associated_data": "transaction", "nonce": nonce,
                                        "ciphertext": base64.b64encode(sealed).decode()}})
        return body, self.wechat_headers(body, forge, age_s)

    def wechat_refund(self, refund):
        return {"refund_id": "50" + refund["number"][-20:], "out_refund_no": refund["number"], "out_trade_no": refund["order"],
                "transaction_id": self.orders[refund["order"]]["reference"], "status": "SUCCESS",
                "amount": {"refund": refund["amount_fen"], "total": self.orders[refund["order"]]["amount_fen"]}}

    def wechat(self, request, target, body, forge):
        self.wechat_admit(request, body)
        status, said = self.wechat_answer(target.path[len("/wechat"):], target, json.loads(body) if body else {})
        text = "" if said is None else said if isinstance(said, bytes) else json.dumps(said)
        signed = text.decode() if isinstance(text, bytes) else text
        self.answer(request, status, text, self.wechat_headers(signed, forge).items())

    def wechat_answer(self, path, target, asked):
        absent = (404, {"code": "ORDER_NOT_EXIST", "message": "no such order"})
        parts = path.split("/")
        if path.startswith("/v3/pay/transactions/out-trade-no/"):
            order = self.orders.get(parts[5])
            if order is None:
                return absent
            if parts[-1] != "close":
                return 200, self.wechat_transaction(order, order["amount_fen"])
            if order["state"] == "paid":
                return 400, {"code": "ORDERPAID", "message": "paid"}
            order["state"] = "closed"
            return 204, None
        if path.startswith("/v3/pay/transactions/"):
            number = asked["out_trade_no"]
            self.order_open("wechat", number, asked["amount"]["total"], asked["notify_url"],
                            payer=asked.get("payer", {}).get("openid"))
            member = {"native": "code_url", "jsapi": "prepay_id", "h5": "h5_url"}[parts[-1]]
            return 200, {member: {"code_url": "weixin://wxpay/bizpayurl?pr=" + number, "prepay_id": "wx" + number,
                                  "h5_url": self.url + "/cash?number=" + number}[member]}
        if path == "/v3/refund/domestic/refunds":
            refund = self.refund_open(self.orders[asked["out_trade_no"]], asked["out_refund_no"], asked["amount"]["refund"])
            return (200, self.wechat_refund(refund)) if refund else (403, {"code": "NOT_ENOUGH", "message": "not enough"})
        if path.startswith("/v3/refund/domestic/refunds/"):
            refund = self.refunds.get(parts[-1])
            return (200, self.wechat_refund(refund)) if refund else (404, {"code": "RESOURCE_NOT_EXISTS", "message": "none"})
        if path == "/v3/bill/tradebill":
            bill = self.wechat_bill()
            return 200, {"hash_type": "SHA1", "hash_value": hashlib.sha1(bill).hexdigest(),
                         "download_url": self.url + "/wechat/v3/billdownload/file?token=1"}
        if path == "/v3/billdownload/file":
            return 200, self.wechat_bill()
        return absent

    def wechat_bill(self):
        heading = "交易时间,微信订单号,商户订单号,交易状态,货币种类,微信退款单号,商户退款单号,订单金额,申请退款金额"
        rows = ["`2026,`%s,`%s,`SUCCESS,`CNY,`0,`0,`%s,`0.00" % (order["reference"], order["number"], yuan(order["amount_fen"]))
                for order in self.orders.values() if order["channel"] == "wechat" and order["state"] == "paid"]
        rows += ["`2026,`%s,`%s,`REFUND,`CNY,`50%s,`%s,`0.00,`%s" % (self.orders[refund["order"]]["reference"], refund["order"],
                                                                      refund["number"][-20:], refund["number"],
                                                                      yuan(refund["amount_fen"]))
                 for refund in self.refunds.values() if self.orders[refund["order"]]["channel"] == "wechat"]
        return ("\ufeff" + "\r\n".join([heading, *rows, "总交易单数,订单总金额", "`%d,`0" % len(rows)]) + "\r\n").encode()

    # WeChat's log-in (OAuth of an official account)

    def code_make(self, openid=OPENID, snapshot=False):
        """What WeChat hands to the browser of whoever opens our page."""
        code = secrets.token_urlsafe(24)
        with self.lock:
            self.codes[code] = {"openid": openid, "scope": "snsapi_base", **({"is_snapshotuser": 1} if snapshot else {})}
        return code

    def open(self, request, target, body, forge):
        asked = dict(urllib.parse.parse_qsl(target.query))
        if asked.get("appid") != APPID:
            raise Refused("appid")
        if target.path.endswith("/authorize"):
            if list(asked) != ["appid", "redirect_uri", "response_type", "scope", "state"] or asked["scope"] != "snsapi_base":
                raise Refused("the authorize page wants its parameters in their order")
            back = "%s?%s" % (asked["redirect_uri"], urllib.parse.urlencode({"code": self.code_make(), "state": asked["state"]}))
            self.answer(request, 302, "", [("Location", back)])
            return
        if asked.get("secret") != LOGIN_SECRET or asked.get("grant_type") != "authorization_code":
            said = {"errcode": 40125, "errmsg": "invalid appsecret"}
        else:
            with self.lock:
                known = self.codes.pop(asked.get("code"), None)
            said = {"access_token": "A", "expires_in": 7200, "refresh_token": "R", **known} if known else {
                "errcode": 40029, "errmsg": "invalid code"}
        self.answer(request, 200, json.dumps(said))

    # Alipay OpenAPI

    def alipay(self, request, target, body, forge):
        fields = dict(urllib.parse.parse_qsl(target.query, keep_blank_values=True))
        fields.update(urllib.parse.parse_qsl(body, keep_blank_values=True))
        if target.path.endswith("/bill"):
            self.answer(request, 200, self.alipay_bill())
            return
        if fields.get("app_id") != ALIPAY_APP or not self.keys.verify("merchant", joined(fields, ("sign",)), fields["sign"]):
            raise Refused("signature")
        method, content = fields["method"], json.loads(fields["biz_content"])
        if method in ("alipay.trade.wap.pay", "alipay.trade.page.pay"):
            self.order_open("alipay", content["out_trade_no"], fen(content["total_amount"]), fields["notify_url"])
            self.cash_page(request, content["out_trade_no"], fields.get("return_url"))
            return
        said = json.dumps(self.alipay_answer(method, content, fields), ensure_ascii=False, separators=(",", ":"))
        signature = self.keys.sign("stranger" if forge else "platform", said)
        self.answer(request, 200, '{"%s_response":%s,"sign":"%s"}' % (method.replace(".", "_"), said, signature))

    def alipay_answer(self, method, content, fields):
        good = {"code": "10000", "msg": "Success"}
        absent = {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        if method == "alipay.trade.precreate":
            self.order_open("alipay", content["out_trade_no"], fen(content["total_amount"]), fields["notify_url"])
            return {**good, "out_trade_no": content["out_trade_no"], "qr_code": "https://qr.alipay.com/" + content["out_trade_no"]}
        if method == "alipay.data.dataservice.bill.downloadurl.query":
            return {**good, "bill_download_url": self.url + "/alipay/bill"}
        order = self.orders.get(content["out_trade_no"])
        if order is None:
            return absent
        named = {**good, "out_trade_no": order["number"], "trade_no": order["reference"]}
        if method == "alipay.trade.close":
            order["state"] = "closed" if order["state"] == "open" else order["state"]
            return named if order["state"] == "closed" else {"code": "40004", "msg": "no", "sub_code": "ACQ.TRADE_STATUS_ERROR"}
        if method == "alipay.trade.refund":
            known = content["out_request_no"] in self.refunds
            refund = self.refund_open(order, content["out_request_no"], fen(content["refund_amount"]))
            if refund is None:
                return {"code": "40004", "msg": "no", "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"}
            return {**named, "fund_change": "N" if known else "Y", "refund_fee": yuan(refund["amount_fen"])}
        if method == "alipay.trade.fastpay.refund.query":
            refund = self.refunds.get(content["out_request_no"])
            return good if refund is None else {**named, "out_request_no": refund["number"], "refund_status": "REFUND_SUCCESS",
                                                "refund_amount": yuan(refund["amount_fen"])}
        states = {"open": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS", "closed": "TRADE_CLOSED"}
        return {**named, "trade_status": states[order["state"]], "total_amount": yuan(order["amount_fen"])}

    def alipay_notice(self, order, amount_fen, forge, age_s):
        fields = {"app_id": ALIPAY_APP, "seller_id": ALIPAY_SELLER, "charset": "utf-8", "notify_type": "trade_status_sync",
                  "notify_id": secrets.token_hex(16), "out_trade_no": order["number"], "trade_no": order["reference"],
                  "trade_status": "TRADE_SUCCESS", "total_amount": yuan(amount_fen), "gmt_payment": "2026-01-15 08:00:19"}
        fields["sign"] = self.keys.sign("stranger" if forge else "platform", joined(fields, ()))
        fields["sign_type"] = "RSA2"
        return urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}

    def alipay_bill(self):
        heading = "支付宝交易号,商户订单号,业务类型,订单金额（元）,退款批次号/请求号"
        rows = ["%s\t,%s\t,交易,%s," % (order["reference"], order["number"], yuan(order["amount_fen"]))
                for order in self.orders.values() if order["channel"] == "alipay" and order["state"] == "paid"]
        rows += ["%s\t,%s\t,退款,-%s,%s" % (self.orders[refund["order"]]["reference"], refund["order"],
                                           yuan(refund["amount_fen"]), refund["number"])
                 for refund in self.refunds.values() if self.orders[refund["order"]]["channel"] == "alipay"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("detail.csv", "\r\n".join(["#明细", heading, *rows, "#结束", ""]).encode("gbk"))
        return archive.getvalue()

    # UnionPay gateway

    def unionpay_sign(self, name, fields):
        fields = {**fields, "signPubKeyCert": self.keys.path(name, "crt").read_text()}
        fields["signature"] = self.keys.sign(name, hashlib.sha256(joined(fields, ("signature",)).encode()).hexdigest())
        return fields

    def unionpay(self, request, target, body, forge):
        fields = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        text = hashlib.sha256(joined(fields, ("signature",)).encode()).hexdigest()
        if (fields.get("certId") != str(int(MERCHANT_SERIAL, 16)) or fields.get("merId") != UNIONPAY_MERCHANT or
                not self.keys.verify("merchant", text, fields.get("signature", ""))):
            raise Refused("signature")
        named = {name: fields[name] for name in ("version", "encoding", "signMethod", "merId", "txnType", "txnSubType", "bizType",
                                                 "orderId", "txnTime", "accessType") if name in fields}
        if target.path.endswith("/frontTransReq.do"):
            self.order_open("unionpay", fields["orderId"], int(fields["txnAmt"]), fields["backUrl"], time=fields["txnTime"])
            self.cash_page(request, fields["orderId"], fields.get("frontUrl"))
            return
        said = self.unionpay_sign("stranger" if forge else "signer", {**named, **self.unionpay_answer(target.path, fields)})
        self.answer(request, 200, "&".join("%s=%s" % pair for pair in said.items()))

    def unionpay_answer(self, path, fields):
        if path.endswith("/backTransReq.do"):
            order = next((order for order in self.orders.values() if order["reference"] == fields["origQryId"]), None)
            refund = order and self.refund_open(order, fields["orderId"], int(fields["txnAmt"]))
            return {"respCode": "00" if refund else "36"}
        if path.endswith("/queryTrans.do"):
            order, refund = self.orders.get(fields["orderId"]), self.refunds.get(fields["orderId"])
            if refund is not None:
                return {"respCode": "00", "origRespCode": "00", "txnAmt": str(refund["amount_fen"]), "currencyCode": "156"}
            if order is None or order.get("time") != fields["txnTime"]:
                return {"respCode": "34"}
            return {"respCode": "00", "origRespCode": "00" if order["state"] == "paid" else "05", "currencyCode": "156",
                    "txnAmt": str(order["amount_fen"]), "queryId": order["reference"]}
        return {"respCode": "00", "fileContent": self.unionpay_bill()}

    def unionpay_notice(self, order, amount_fen, forge, age_s):
        fields = self.unionpay_sign("stranger" if forge else "signer", {
            "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "txnType": "01", "txnSubType": "01", "bizType": "000201",
            "merId": UNIONPAY_MERCHANT, "orderId": order["number"], "txnTime": order["time"], "respCode": "00",
            "queryId": order["reference"], "currencyCode": "156", "txnAmt": str(amount_fen)})
        return urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}

    def unionpay_bill(self):
        widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2]

        def line(number, amount_fen, reference, kind):
            values = {0: "S22", 6: "%012d" % amount_fen, 9: reference, 11: number, 19: kind}
            return " ".join(values.get(index, "").ljust(width) for index, width in enumerate(widths)) + "\r\n"

        text = "".join([line(order["number"], order["amount_fen"], order["reference"][-21:], "01") for order in self.orders.values()
                        if order["channel"] == "unionpay" and order["state"] == "paid"] +
                       [line(refund["number"], refund["amount_fen"], "", "04") for refund in self.refunds.values()
                        if self.orders[refund["order"]]["channel"] == "unionpay"])
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("INN26011588ZM_" + UNIONPAY_MERCHANT, text)
        return base64.b64encode(zlib.compress(archive.getvalue())).decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--server", default="http://127.0.0.1:8080")
    parser.add_argument("--return-to")
    arguments = parser.parse_args()
    stand_in = StandIn(arguments.folder, urllib.parse.urlsplit(arguments.server).netloc,
                       arguments.return_to or arguments.server + "/resident").start(arguments.port)
    print("channels %s" % stand_in.channels_path)
    print("http     %d" % stand_in.http.server_port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
