"""Providers of messages that are not there: HTTP services and an SMTP server on loopback that check our signatures with
Python's own hashes, keep what they were sent, and misbehave when told to."""

import base64
import collections
import hashlib
import hmac
import http.server
import json
import socketserver
import threading
import time
import urllib.parse

from waiting import PATIENCE_S



SECRET = "testsecret-0123456789"


def sign256(key, text):
    return hmac.new(key, text.encode() if isinstance(text, str) else text, hashlib.sha256)


def percent(text):
    return urllib.parse.quote(text, safe="-_.~")


class Peer:
    """What all stand-ins share: what arrived, and how to misbehave. `plan` holds what to do with the next requests."""

    def __init__(self):
        self.lock = threading.Condition()
        self.taken = []                      # messages, decoded
        self.complaints = []                 # what was wrong about requests
        self.plan = collections.deque()
        self.seen_numbers = {}

    def take(self, message):
        with self.lock:
            self.taken.append(message)
            self.lock.notify_all()

    def complain(self, words):
        with self.lock:
            self.complaints.append(words)
            self.lock.notify_all()

    def next_plan(self):
        with self.lock:
            return self.plan.popleft() if self.plan else None

    def wait(self, count, seconds=PATIENCE_S):
        """Until so many messages were taken; the messages."""
        with self.lock:
            if not self.lock.wait_for(lambda: len(self.taken) >= count, seconds):
                raise AssertionError("only %d of %d messages came; complaints: %r" %
                                     (len(self.taken), count, self.complaints))
            return list(self.taken)


class HttpPeer(Peer):
    """One HTTP server for all providers: /hook, /aliyun, /tencent, /cgi-bin (WeChat)."""

    def __init__(self):
        super().__init__()
        self.token = 0
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def answer(self, status, body, headers=()):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                peer.handle(self, body)

            do_GET = do_POST = serve

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def url(self, path=""):
        return "http://127.0.0.1:%d%s" % (self.port, path)

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def handle(self, request, body):
        path = request.path.split("?")[0]
        plan = self.next_plan() if "token" not in path else None
        if plan == "drop":
            request.close_connection = True
            return
        if isinstance(plan, int):
            request.answer(plan, b"broken")
            return
        if plan == "redirect":
            request.answer(302, b"", [("Location", self.url("/elsewhere"))])
            return
        if isinstance(plan, int):
            request.answer(plan, b"not now")
            return
        if path == "/hook":
            self.hook(request, body, plan)
        elif "X-TC-Action" in request.headers:
            self.tencent(request, body, plan)
        elif path.startswith("/cgi-bin/"):
            self.wechat(request, path, body, plan)
        else:
            self.aliyun(request, body, plan)

    # our own webhook

    def hook(self, request, body, plan):
        number, moment = request.headers["X-Meterworks-Id"], request.headers["X-Meterworks-Timestamp"]
        expected = "sha256=" + sign256(SECRET.encode(), ("%s.%s." % (moment, number)).encode() + body).hexdigest()
        if not hmac.compare_digest(expected, request.headers["X-Meterworks-Signature"] or ""):
            self.complain("webhook signature")
            request.answer(401, b"")
            return
        if abs(int(moment) - time.time()) > 300:
            self.complain("webhook timestamp")
        if number not in self.seen_numbers:   # a number counts once
            self.seen_numbers[number] = 1
            self.take(json.loads(body))
        else:
            self.seen_numbers[number] += 1
        if plan == "lose":                    # taken, and the answer lost
            request.close_connection = True
            return
        request.answer(204, b"")

    # Aliyun, both signatures

    def aliyun(self, request, body, plan):
        query = urllib.parse.parse_qsl(request.path.split("?", 1)[1], keep_blank_values=True)
        sent = dict(query)
        good = self.aliyun_rpc(request, sent) if "Signature" in sent else self.aliyun_acs3(request, sent, body)
        if not good:
            self.complain("aliyun signature")
            request.answer(400, {"Code": "SignatureDoesNotMatch", "Message": "wrong", "RequestId": "R"})
            return
        if isinstance(plan, str):
            request.answer(200, {"Code": plan, "Message": "as told", "RequestId": "R"})
            return
        reference = "biz-%d" % (len(self.taken) + 1)
        self.take({"to": sent["PhoneNumbers"], "sign": sent["SignName"], "template": sent["TemplateCode"],
                   "values": json.loads(sent["TemplateParam"]), "number": sent["OutId"]})
        request.answer(200, {"Code": "OK", "Message": "OK", "BizId": reference, "RequestId": "R"})

    @staticmethod
    def canonical_query(sent):
        return "&".join(percent(name) + "=" + percent(sent[name]) for name in sorted(sent))

    def aliyun_rpc(self, request, sent):
        signature = sent.pop("Signature")
        text = request.command + "&%2F&" + percent(self.canonical_query(sent))
        code = hmac.new((SECRET + "&").encode(), text.encode(), hashlib.sha1).digest()
        return hmac.compare_digest(base64.b64encode(code).decode(), signature)

    def aliyun_acs3(self, request, sent, body):
        words = dict(part.split("=", 1) for part in request.headers["Authorization"].split(" ", 1)[1].split(","))
        names = words["SignedHeaders"].split(";")
        headers = "".join("%s:%s\n" % (name, request.headers[name].strip()) for name in names)
        digest = hashlib.sha256(body).hexdigest()
        present = {name.lower() for name in request.headers if name.lower().startswith("x-acs-")} | {"host"}
        canonical = "\n".join([request.command, "/", self.canonical_query(sent), headers, words["SignedHeaders"], digest])
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        return (present == set(names) and "Content-Type" not in request.headers and
                hmac.compare_digest(sign256(SECRET.encode(), text).hexdigest(), words["Signature"]))

    # Tencent

    def tencent(self, request, body, plan):
        authorization = request.headers["Authorization"]
        moment = int(request.headers["X-TC-Timestamp"])
        date = time.strftime("%Y-%m-%d", time.gmtime(moment))
        canonical = "\n".join(["POST", "/", "", "content-type:" + request.headers["Content-Type"],
                               "host:" + request.headers["Host"], "", "content-type;host",
                               hashlib.sha256(body).hexdigest()])
        text = "\n".join(["TC3-HMAC-SHA256", str(moment), date + "/sms/tc3_request",
                          hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("TC3" + SECRET).encode()
        for step in (date, "sms", "tc3_request"):
            key = sign256(key, step).digest()
        if not authorization.endswith("Signature=" + sign256(key, text).hexdigest()):
            self.complain("tencent signature")
            request.answer(200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "wrong"}}})
            return
        asked = json.loads(body)
        code = plan if isinstance(plan, str) else "Ok"
        if code == "Ok":
            self.take({"to": asked["PhoneNumberSet"][0], "template": asked["TemplateId"],
                       "values": asked["TemplateParamSet"], "application": asked["SmsSdkAppId"]})
        request.answer(200, {"Response": {"SendStatusSet": [{"SerialNo": "serial-%d" % len(self.taken), "Fee": 2,
                                                             "PhoneNumber": asked["PhoneNumberSet"][0], "Code": code,
                                                             "Message": "as told"}], "RequestId": "R"}})

    # WeChat

    def wechat(self, request, path, body, plan):
        asked = json.loads(body)
        if path == "/cgi-bin/stable_token":
            if asked["secret"] != SECRET:
                self.complain("wechat secret")
                request.answer(200, {"errcode": 40125, "errmsg": "invalid appsecret"})
                return
            self.token += 1
            request.answer(200, {"access_token": "token %d" % self.token, "expires_in": 7200})
            return
        token = dict(urllib.parse.parse_qsl(request.path.split("?", 1)[1]))["access_token"]
        if token != "token %d" % self.token:
            request.answer(200, {"errcode": 40001, "errmsg": "invalid credential"})
            return
        if isinstance(plan, str):
            request.answer(200, {"errcode": int(plan), "errmsg": "as told"})
            return
        number = asked.get("client_msg_id")
        if number is None or number not in self.seen_numbers:
            self.seen_numbers[number] = 1
            self.take({"to": asked["touser"], "template": asked["template_id"], "path": path,
                       "values": {name: field["value"] for name, field in asked["data"].items()}})
        request.answer(200, {"errcode": 0, "errmsg": "ok", "msgid": 200228332 + len(self.taken)})


class SmtpPeer(Peer):
    """An SMTP server of the few commands a client needs, with AUTH PLAIN."""

    def __init__(self):
        super().__init__()
        peer = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def handle(self):
                self.say("220 peer")
                sender, recipients, signed_in = None, [], False
                while True:
                    line = self.rfile.readline().decode().rstrip("\r\n")
                    word = line.split(" ")[0].upper()
                    if word in ("", "QUIT"):
                        self.say("221 bye")
                        return
                    if word == "EHLO":
                        self.wfile.write(b"250-peer\r\n250 AUTH PLAIN\r\n")
                    elif word == "AUTH":
                        signed_in = self.sign_in(line)
                    elif word == "MAIL" and not signed_in:
                        self.say("530 sign in first")
                    elif word == "MAIL":
                        sender = line.split("<")[1].split(">")[0]
                        self.say("250 ok")
                    elif word == "RCPT":
                        plan = peer.next_plan()
                        if plan is None:
                            recipients.append(line.split("<")[1].split(">")[0])
                        self.say("250 ok" if plan is None else plan)
                    elif word == "DATA":
                        self.say("354 go on")
                        peer.take({"from": sender, "to": recipients, "raw": self.mail_read()})
                        self.say("250 taken")
                    else:
                        self.say("250 ok")

            def sign_in(self, line):
                given = line.split(" ")
                if len(given) < 3:
                    self.say("334 ")
                    given.append(self.rfile.readline().decode().strip())
                good = base64.b64decode(given[2]) == b"\0mailer\0" + SECRET.encode()
                if not good:
                    peer.complain("smtp password")
                self.say("235 welcome" if good else "535 wrong")
                return good

            def mail_read(self):
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                return b"".join(lines)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
