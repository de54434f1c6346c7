"""One installation with three payment channels, played by sim/channels, and a customer who pays: what its tests share."""

import http.client
import json
import os
import sys
import unittest
import urllib.parse

from installation import Installation
from waiting import PATIENCE_S, until

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../sim/channels"))
from stand_in import StandIn  # noqa: E402

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}
CHANNELS = (("wechat", "qr"), ("alipay", "qr"), ("unionpay", "page"))


class PaymentHouse(unittest.TestCase):
    serial = 0

    @classmethod
    def setUpClass(cls):
        cls.house = Installation()
        cls.stand_in = StandIn(os.path.join(cls.house.folder, "channels")).start()
        cls.start()
        cls.house.call("PUT", "/settings/refund_release_above_fen", {"value": "100000"}, expect=200)
        building = cls.house.add_building()
        device = cls.house.add_device(building, 862220000000001, "222000000001")
        tariff = cls.house.call("POST", "/tariffs", {"name": "水价", "effective_day": "2020-01-01", "document": TARIFF},
                                expect=201)["tariff_id"]
        customer = cls.house.call("POST", "/customers", {"number": "100482", "name": "陈佳怡"}, expect=201)["customer_id"]
        cls.account = cls.house.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": tariff,
                                                           "payment_mode": "prepaid_platform"}, expect=201)["account_id"]

    @classmethod
    def start(cls):
        cls.house.start("--channels", cls.stand_in.channels_path)
        cls.stand_in.server = "127.0.0.1:%d" % cls.house.http_port
        cls.house.sign_in()

    @classmethod
    def tearDownClass(cls):
        cls.house.close()
        cls.stand_in.stop()

    def setUp(self):
        self.stand_in.refused.clear()
        self.stand_in.spoiled.clear()

    def key(self):
        PaymentHouse.serial += 1
        return "test-key-%d" % self.serial

    def order_begin(self, channel, scene, amount_fen=5000, **more):
        body = {"account_id": self.account, "amount_fen": amount_fen, "channel": channel, "scene": scene, "key": self.key(),
                "description": "水费 & 充值", **more}
        return self.house.call("POST", "/payment-orders", body, expect=201)

    def order(self, begun):
        return self.house.call("GET", "/payment-orders/%d" % begun["payment_order_id"], expect=200)

    def until(self, condition, what):
        """The server works by itself; look until it has."""
        try:
            return until(condition)
        except AssertionError as problem:
            return self.fail("never: %s: %s" % (what, problem))

    def order_invited(self, begun):
        return self.until(lambda: (lambda order: order if order["state"] == "pending" else None)(self.order(begun)), "an invitation")

    def order_open(self, channel, scene, amount_fen=5000, **more):
        """An order that the channel knows."""
        begun = self.order_begin(channel, scene, amount_fen, **more)
        order = self.order_invited(begun)
        if channel == "unionpay":
            self.form_post(json.loads(order["invitation"]))
        return begun

    def form_post(self, form):
        """As the customer's browser does."""
        target = urllib.parse.urlsplit(form["action"])
        connection = http.client.HTTPConnection(target.netloc, timeout=PATIENCE_S)
        connection.request("POST", target.path, urllib.parse.urlencode(form["fields"]),
                           {"Content-Type": "application/x-www-form-urlencoded"})
        status = connection.getresponse().status
        connection.close()
        self.assertEqual(status, 200, self.stand_in.refused)

    def balance(self):
        return self.house.call("GET", "/accounts/%d" % self.account, expect=200)["balance_fen"]
