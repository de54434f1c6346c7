"""A partner's own program: calls the open interfaces as docs/open-interfaces.md says, with nothing of ours but that page."""

import hashlib
import hmac
import http.client
import json
import time

from waiting import PATIENCE_S




class OpenClient:
    def __init__(self, port, token, secret=None):
        self.port, self.token, self.secret = port, token, secret
        self.nonce = 0

    def signature_of(self, path, body, timestamp, nonce):
        text = "\n".join(["POST", path, timestamp, nonce, hashlib.new("sm3", body).hexdigest()])
        return "sm3=" + hmac.new(self.secret.encode(), text.encode(), "sm3").hexdigest()

    def signed_headers(self, path, body, timestamp=None, nonce=None):
        self.nonce += 1
        timestamp = str(int(time.time()) if timestamp is None else timestamp)
        nonce = nonce or "nonce-%08d" % self.nonce
        return {"X-Meterworks-Timestamp": timestamp, "X-Meterworks-Nonce": nonce,
                "X-Meterworks-Signature": self.signature_of(path, body, timestamp, nonce)}

    def send(self, name, raw, headers):
        """One POST; status, headers and the decoded answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request("POST", "/open/v1" + name, raw, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        answer = json.loads(response.read().decode())
        connection.close()
        return response.status, response.headers, answer

    def call(self, name, expect="ok", headers=None, signed=None, **members):
        raw = json.dumps({"token": self.token, **members}).encode()
        sent = dict(headers or {})
        if self.secret and signed is not False:
            sent.update(self.signed_headers("/open/v1" + name, raw))
        self.status, self.headers, answer = self.send(name, raw, sent)
        if answer["code"] != expect:
            raise AssertionError("%s: %s instead of %s: %r" % (name, answer["code"], expect, answer))
        if set(answer) - {"code", "message", "data", "field", "reference"}:
            raise AssertionError("no envelope: %r" % answer)
        return answer["data"]
