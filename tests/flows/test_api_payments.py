"""Money that comes in through an api in a process of its own: a channel's signed callbacks are brought to the core, whose answer
the channel gets; where there is none, the channel hears what makes it call again. What other systems are told of it is signed by a
secret that was asked for there."""

import json
import os
import signal
import unittest

import payment_house
from machines import ApiProcess
from payment_house import CHANNELS
from test_webhooks import Receiver, printed_check
from waiting import until

AGAIN = (503, 504)  # no channel takes that for "understood"


class ApiPaymentsTest(payment_house.PaymentHouse):
    door = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = os.path.join(cls.house.folder, "districts")
        with open(names, "w", encoding="utf-8") as file:
            file.write("north 城北\n")
        cls.api = ApiProcess(cls.house, "hall", [cls.door], options=["--districts", names, "--district", "north"]).start()
        cls.addClassCleanup(cls.api.close)
        cls.api.linked_await()
        cls.stand_in.server = "127.0.0.1:%d" % cls.api.http_port

    @classmethod
    def start(cls):
        path = os.path.join(cls.house.data, "messages.json")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"webhooks": {"private_addresses": True}}, file)
        cls.house.start("--channels", cls.stand_in.channels_path, "--api-listen", "127.0.0.1:%d" % cls.door)
        cls.door = int(cls.house.process.stdout.readline().split()[1])
        cls.house.sign_in()

    def notice(self, begun, **how):
        order = self.stand_in.orders[begun["trade_number"]]
        make = {"wechat": self.stand_in.wechat_notice, "alipay": self.stand_in.alipay_notice,
                "unionpay": self.stand_in.unionpay_notice}[order["channel"]]
        return order["notify"], *make(order, order["amount_fen"], how.get("forge", False), 0)

    def told(self, notice, prefix="", server=None):
        """What the channel hears: the status and the words."""
        path, body, headers = notice
        before, self.stand_in.server = self.stand_in.server, server or self.stand_in.server
        status = self.stand_in.post(prefix + path, body, headers)
        self.stand_in.server = before
        return status, self.stand_in.last_reply

    def test_a_callback_reaches_the_core_and_its_repeat_is_answered_the_same(self):
        own = "127.0.0.1:%d" % self.house.http_port
        for channel, scene in CHANNELS:
            with self.subTest(channel):
                before = self.balance()
                begun = self.order_open(channel, scene)
                self.stand_in.pay(begun["trade_number"], call_back=False)
                self.assertEqual(self.told(self.notice(begun, forge=True))[0], 401)
                self.assertEqual(self.balance(), before)
                notice = self.notice(begun)
                answers = [self.told(notice), self.told(notice), self.told(notice, prefix="/d/north"), self.told(notice, server=own)]
                self.assertEqual((answers[0][0], set(answers)), (200, {answers[0]}))
                self.assertEqual((self.order(begun)["state"], self.balance()), ("paid", before + 5000))
        self.assertEqual(self.stand_in.refused, [])

    def test_without_a_core_the_channel_calls_again(self):
        for channel, scene in CHANNELS:
            with self.subTest(channel):
                before = self.balance()
                begun = self.order_open(channel, scene)
                self.stand_in.pay(begun["trade_number"], call_back=False)
                notice = self.notice(begun)
                self.house.kill()
                status, words = self.told(notice)
                self.assertIn(status, AGAIN)
                self.assertNotIn("success", words.lower())
                self.start()
                self.api.linked_await()
                self.assertEqual([self.told(notice)[0] for _ in range(2)], [200, 200])
                self.assertEqual(self.balance(), before + 5000)
        self.assertTrue(self.house.call("GET", "/ledger/trial-balance", expect=200)["balanced"])

    def test_a_core_that_stands_still_may_have_booked(self):
        """Nobody knows; the channel calls again, and it is booked once."""
        before = self.balance()
        begun = self.order_open("wechat", "qr")
        self.stand_in.pay(begun["trade_number"], call_back=False)
        notice = self.notice(begun)
        self.house.process.send_signal(signal.SIGSTOP)
        try:
            self.assertIn(self.told(notice)[0], AGAIN)
        finally:
            self.house.process.send_signal(signal.SIGCONT)
        self.api.linked_await()
        self.assertEqual(self.told(notice)[0], 200)
        self.assertEqual(self.balance(), before + 5000)

    def test_others_are_told_of_it(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        self.api.sign_in()
        endpoint = self.api.call("POST", "/webhook-endpoints", {"name": "ERP", "area_id": self.api.root_area(), "url": receiver.url(),
                                                                "kinds": "payment.received"}, expect=201)
        begun = self.order_open("wechat", "qr")
        self.assertEqual(self.stand_in.pay(begun["trade_number"]), [200])
        _, headers, body = receiver.wait(1)[0]
        self.assertTrue(printed_check()(endpoint["secret"], headers, body, set()))
        self.assertEqual(json.loads(body)["data"]["amount_fen"], 5000)
        until(lambda: self.api.call("GET", "/webhook-deliveries?endpoint_id=%d" % endpoint["endpoint_id"], expect=200)["items"],
              lambda rows: [row["state"] for row in rows] == ["delivered"])


if __name__ == "__main__":
    unittest.main()
