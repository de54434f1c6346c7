"""Payments through WeChat Pay, Alipay and UnionPay: stand-ins that check our signatures for real and misbehave."""

import gzip
import http.client
import json
import os
import subprocess
import threading
import unittest
import urllib.parse

import payment_house
from installation import PASSWORD, PROGRAM, Installation
from payment_house import CHANNELS
from waiting import PATIENCE_S


class PaymentChannelsTest(payment_house.PaymentHouse):
    def test_every_channel_takes_money_once(self):
        names = [item["name"] for item in self.house.call("GET", "/payment-channels", expect=200)["items"]]
        self.assertEqual(names, ["wechat", "alipay", "unionpay"])
        for channel, scene in CHANNELS:
            before = self.balance()
            begun = self.order_open(channel, scene)
            self.assertEqual(self.stand_in.pay(begun["trade_number"], copies=3), [200, 200, 200], channel)
            order = self.order(begun)
            self.assertEqual((order["state"], order["reference"]),
                             ("paid", self.stand_in.orders[begun["trade_number"]]["reference"]))
            self.assertTrue(order["receipt"].startswith("R"))
            self.assertEqual(self.balance(), before + 5000)
        self.assertEqual(self.stand_in.refused, [])

    def test_invitations_are_of_their_scene(self):
        for channel, scene, kind, start in (("wechat", "qr", "qr", "weixin://"), ("wechat", "in_app", "script", "{"),
                                            ("wechat", "mobile", "url", "http"), ("alipay", "qr", "qr", "https://qr."),
                                            ("alipay", "mobile", "url", "http"), ("alipay", "page", "url", "http"),
                                            ("unionpay", "mobile", "form", "{")):
            begun = self.order_begin(channel, scene, payer_id="oTest01", client_ip="203.0.113.7")
            order = self.order_invited(begun)
            self.assertEqual(order["invitation_kind"], kind, (channel, scene))
            self.assertTrue(order["invitation"].startswith(start), order["invitation"])
            if kind == "script":
                self.assertRegex(json.loads(order["invitation"])["nonceStr"], "^[0-9A-F]{32}$")

    def test_a_page_of_alipay_is_signed(self):
        order = self.order_invited(self.order_begin("alipay", "page"))
        target = urllib.parse.urlsplit(order["invitation"])
        connection = http.client.HTTPConnection(target.netloc, timeout=PATIENCE_S)
        connection.request("GET", target.path + "?" + target.query)
        self.assertEqual(connection.getresponse().status, 200, self.stand_in.refused)
        connection.close()
        self.assertEqual(self.stand_in.pay(order["trade_number"]), [200])
        self.assertEqual(self.order(order)["state"], "paid")

    def test_forged_old_and_lying_callbacks_book_nothing(self):
        for channel, scene in CHANNELS:
            before = self.balance()
            begun = self.order_open(channel, scene)
            number = begun["trade_number"]
            self.assertEqual(self.stand_in.pay(number, forge=True), [401], channel)
            self.assertEqual(self.balance(), before)
            if channel == "wechat":
                self.assertEqual(self.stand_in.pay(number, age_s=301), [401])
            self.stand_in.pay(number, amount_fen=4999)
            self.assertEqual(self.balance(), before)
            self.assertEqual(self.order(begun)["state"], "disputed")
            self.assertEqual(self.order(begun)["problem"], "amount 4999")
            self.assertEqual(self.stand_in.pay(number), [200])  # the right word after the wrong one
            self.assertEqual(self.balance(), before + 5000)

    def test_a_callback_about_nobody_is_refused(self):
        self.stand_in.order_open("wechat", "MWNOBODY00000001", 100, "https://x/api/v1/payment-channels/wechat/notify")
        self.assertEqual(self.stand_in.pay("MWNOBODY00000001"), [404])
        self.assertIn("FAIL", self.stand_in.last_reply)
        for body in ("", "{}", "a=1", "x" * 70000):
            status = self.stand_in.post("/api/v1/payment-channels/wechat/notify", body, {"Content-Type": "application/json"})
            self.assertIn(status, (400, 401, 413))
        self.assertEqual(self.stand_in.post("/api/v1/payment-channels/gold/notify", "x", {}), 404)

    def notice(self, begun):
        """A callback of the channel as it would send it: path, body, headers."""
        order = self.stand_in.orders[begun["trade_number"]]
        make = {"wechat": self.stand_in.wechat_notice, "alipay": self.stand_in.alipay_notice,
                "unionpay": self.stand_in.unionpay_notice}[order["channel"]]
        return order["notify"], *make(order, order["amount_fen"], False, 0)

    def test_forgeries_of_one_address_keep_no_callback_out(self):
        begun = self.order_open("wechat", "qr")
        self.stand_in.pay(begun["trade_number"], call_back=False)
        path, body, headers = self.notice(begun)
        forger = {**headers, "X-Forwarded-For": "203.0.113.9", "Wechatpay-Nonce": "another"}
        told = []
        while 429 not in told and len(told) < 1000:
            told.append(self.stand_in.post(path, body, forger))
        self.assertEqual((set(told[:60]), told[-1]), ({401}, 429))
        self.assertEqual(self.stand_in.post(path, body, {**headers, "X-Forwarded-For": "198.51.100.7"}), 200)
        self.assertEqual(self.order(begun)["state"], "paid")

    def test_callbacks_at_once_book_once(self):
        before = self.balance()
        begun = self.order_open("unionpay", "page")
        self.stand_in.pay(begun["trade_number"], call_back=False)
        notices = [self.notice(begun) for _ in range(6)]
        told = []
        threads = [threading.Thread(target=lambda sent=notice: told.append(self.stand_in.post(*sent))) for notice in notices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((told, self.balance()), ([200] * 6, before + 5000))

    def test_a_callback_is_read_in_one_way_only(self):
        before = self.balance()
        for channel, scene in CHANNELS:
            begun = self.order_open(channel, scene)
            self.stand_in.pay(begun["trade_number"], call_back=False)
            path, body, headers = self.notice(begun)
            self.stand_in.orders[begun["trade_number"]]["state"] = "open"  # or asking would find it paid
            foreign = path.replace(channel, "alipay" if channel == "wechat" else "wechat")
            tricks = [(path, body[:-9], headers), (path, body[:len(body) // 2], headers), (path, ("\ufeff" + body).encode(), headers),
                      (path, body.encode("utf-16"), headers), (path, gzip.compress(body.encode()), headers),
                      (foreign, body, headers)]
            if channel == "wechat":
                other = {**headers, "Wechatpay-Nonce": headers["Wechatpay-Nonce"][::-1]}
                tricks += [(path, body + " ", headers), (path, body, {**headers, "Wechatpay-Serial": "7A0DF0000002"}), (path, body, other),
                           (path, body, {name: value for name, value in headers.items() if name != "Wechatpay-Timestamp"})]
            else:
                name = "total_amount" if channel == "alipay" else "txnAmt"
                tricks += [(path, body + "&%s=1" % name, headers), (path, "%s=1&" % name + body, headers),
                           (path, body + "&x=%00", headers), (path, body + "&x=%zz", headers),
                           (path, body + "&x=" + "y" * 30000, headers), (path, body + "&x=1", headers)]
            for sent in tricks:
                self.assertIn(self.stand_in.post(*sent), (400, 401, 413), (channel, sent[1][-60:]))
            self.assertEqual(self.balance(), before)
            self.assertEqual(self.stand_in.post(path, iter([body[:20].encode(), body[20:].encode()]), headers), 200)  # in chunks
            before += 5000
            self.assertEqual(self.balance(), before)
        self.house.call("GET", "/payment-channels/wechat/notify", expect=405)

    def test_members_we_do_not_know_are_passed_over_and_amounts_that_are_none_refused(self):
        whole = self.stand_in.wechat_transaction
        self.addCleanup(setattr, self.stand_in, "wechat_transaction", whole)
        for change, books in (({"total": -1}, False), ({"total": 0}, False), ({"total": 2**63}, False), ({"total": 4999.5}, False),
                              ({"total": "5000"}, False), ({"currency": "USD"}, False), ({"payer_total": 1, "later": [{}]}, True)):
            before, begun = self.balance(), self.order_open("wechat", "qr")
            self.stand_in.wechat_transaction = lambda order, amount_fen, change=change: {
                **whole(order, amount_fen), "promotion_detail": [{"scope": None}],
                "amount": {**whole(order, amount_fen)["amount"], **change}}
            self.stand_in.pay(begun["trade_number"])
            self.stand_in.orders[begun["trade_number"]]["state"] = "open"  # or asking would find it paid
            self.assertEqual(self.balance() - before, 5000 if books else 0, change)

    def test_a_gateway_that_leads_elsewhere_is_not_followed(self):
        self.stand_in.misbehave("/v3/pay/transactions/native", "redirect")
        begun = self.order_begin("wechat", "qr")
        self.until(lambda: any(entry["how"] == "redirect" and entry["times"] == 0 for entry in self.stand_in.spoiled), "a call")
        self.order_invited(self.order_begin("wechat", "qr"))  # the channel's calls are made one after another
        self.assertEqual(self.order(begun)["state"], "created")
        self.assertFalse([path for path in self.stand_in.calls if path.startswith("/elsewhere")])

    def test_refunds_at_once_give_back_no_more_than_was_paid(self):
        begun = self.order_open("alipay", "qr")
        self.stand_in.pay(begun["trade_number"])
        before, told = self.balance(), []
        path = "/payment-orders/%d/refunds" % begun["payment_order_id"]

        def ask(turn):
            house = Installation.__new__(Installation)
            house.http_port, house.cookie, house.csrf = self.house.http_port, self.house.cookie, self.house.csrf
            house.call("POST", path, {"amount_fen": 2000, "key": "racing-%d" % turn, "reason": "多充了"})
            told.append(house.status)

        threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((sorted(told), self.balance()), ([201, 201, 409, 409], before - 4000))

    def test_an_order_survives_silence_errors_and_wrong_signatures(self):
        before = self.balance()
        for how in ("silent", "error", "forge"):
            self.stand_in.misbehave("/v3/pay/transactions/native", how)
        begun = self.order_begin("wechat", "qr")
        self.until(lambda: len([path for path in self.stand_in.calls if path.endswith("native")]) > 0, "a call")
        order = self.order(begun)
        self.assertIn(order["state"], ("created", "pending"))
        self.assertEqual(self.balance(), before)

    def test_a_channel_that_hangs_keeps_no_other_one_waiting(self):
        self.stand_in.released.clear()
        self.stand_in.misbehave("/v3/pay/transactions/native", "hang")
        hanging = self.order_begin("wechat", "qr", 6101)
        self.until(lambda: any(entry["how"] == "hang" and entry["times"] == 0 for entry in self.stand_in.spoiled), "a call")
        begun = self.order_begin("alipay", "qr")
        self.order_invited(begun)
        order = self.order(hanging)
        self.assertEqual((order["state"], order["problem"]), ("created", ""))  # its call is still under way
        self.stand_in.released.set()
        self.order_invited(hanging)

    def test_money_is_found_by_asking_when_no_callback_comes(self):
        before = self.balance()
        begun = self.order_open("wechat", "qr")
        self.stand_in.pay(begun["trade_number"], call_back=False)
        self.until(lambda: self.order(begun)["state"] == "paid", "asking finds the payment")
        self.assertEqual(self.balance(), before + 5000)
        self.assertEqual(self.stand_in.pay(begun["trade_number"]), [200])  # the callback comes late
        self.assertEqual(self.balance(), before + 5000)

    def test_a_cancelled_order_is_closed_and_late_money_is_still_booked(self):
        for channel, scene in CHANNELS[:2]:
            before = self.balance()
            begun = self.order_open(channel, scene)
            path = "/payment-orders/%d" % begun["payment_order_id"]
            code = self.house.call("GET", path + "/code.svg", expect=200)
            self.assertTrue(code.startswith("<svg ") and code.endswith("</svg>"), code[:80])
            self.assertEqual(self.house.call("POST", path + "/cancel", {}, expect=200)["state"], "pending")
            self.house.call("POST", path + "/cancel", {}, expect=200)
            self.until(lambda: self.order(begun)["state"] == "closed", "the channel hears that nobody will pay")
            self.house.call("GET", path + "/code.svg", expect=404)
            self.assertEqual(self.balance(), before)
            self.assertEqual(self.stand_in.pay(begun["trade_number"]), [200])  # the customer's phone was faster
            self.assertEqual((self.order(begun)["state"], self.balance()), ("paid", before + 5000))
            self.assertEqual(self.house.call("POST", path + "/cancel", {}, expect=409)["error"]["code"], "order_ended")
        self.house.call("POST", "/payment-orders/999999/cancel", {}, expect=404)
        self.house.call("GET", "/payment-orders/999999/code.svg", expect=404)

    def test_an_order_cancelled_before_the_channel_knew_it_is_never_told(self):
        self.stand_in.released.clear()
        self.stand_in.misbehave("/v3/pay/transactions/native", "hang")
        begun = self.order_begin("wechat", "qr", 6102)
        self.until(lambda: any(entry["how"] == "hang" and entry["times"] == 0 for entry in self.stand_in.spoiled), "a call")
        later = self.order_begin("wechat", "qr", 6103)
        self.house.call("POST", "/payment-orders/%d/cancel" % later["payment_order_id"], {}, expect=200)
        self.stand_in.released.set()
        self.until(lambda: self.order(later)["state"] == "closed", "the order is over")
        self.assertNotIn(later["trade_number"], self.stand_in.orders)
        self.order_invited(begun)

    def suspense(self):
        """What was paid twice and is still nobody's, the oldest first."""
        return self.house.call("GET", "/suspense?source=paid_twice", expect=200)["items"]

    def test_a_second_payment_finds_its_owner(self):
        begun = self.order_open("wechat", "qr")
        self.stand_in.pay(begun["trade_number"])
        self.stand_in.orders[begun["trade_number"]]["reference"] = "44%019d" % begun["payment_order_id"]
        self.stand_in.pay(begun["trade_number"])
        held = self.suspense()[-1]
        self.assertEqual((held["way"], held["account_id"], held["open_fen"]), ("wechat", self.account, 5000))
        path = "/payment-orders/%d/moves" % held["object_id"]
        body = {"to_account_id": self.account, "reason": "客户要求充值", "key": self.key()}
        self.house.call("POST", path, {**body, "amount_fen": 5001}, expect=409)
        self.house.call("POST", path, {**body, "to_account_id": 999}, expect=404)
        self.house.call("POST", path, {**body, "amount_fen": 0}, expect=422)
        self.house.call("POST", "/payment-orders/%d/moves" % begun["payment_order_id"], body, expect=404)  # not in suspense
        before = self.balance()
        asked = self.house.call("POST", path, body, expect=202)
        self.assertTrue(self.house.call("POST", path, body, expect=200)["duplicate"])
        self.house.call("POST", path, {**body, "key": self.key()}, expect=409)  # all of it is asked for
        self.assertNotIn(held["object_id"], [row["object_id"] for row in self.suspense()])
        approve = "/approvals/%d/approve" % asked["approval_id"]
        self.assertEqual(self.house.call("POST", approve, {}, expect=409)["error"]["code"], "second_person")
        self.house.call("POST", "/people", {"login": "mover", "display_name": "复核", "role": "clerk",
                                            "area_id": self.house.root_area(), "password": PASSWORD}, expect=201)
        self.house.sign_in("mover")
        self.house.call("POST", approve, {}, expect=200)
        self.assertEqual(self.balance(), before + 5000)
        self.house.sign_in()

    def test_a_refund_goes_back_by_the_same_channel(self):
        for channel, scene in CHANNELS:
            begun = self.order_open(channel, scene)
            self.stand_in.pay(begun["trade_number"])
            before = self.balance()
            path = "/payment-orders/%d/refunds" % begun["payment_order_id"]
            ask = {"amount_fen": 1234, "key": self.key(), "reason": "多充了"}
            refund = self.house.call("POST", path, ask, expect=201)
            self.assertEqual(self.house.call("POST", path, ask, expect=200)["refund_number"], refund["refund_number"])
            self.house.call("POST", path, {"amount_fen": 5000, "key": self.key(), "reason": "多充了"}, expect=409)
            self.assertEqual(self.balance(), before - 1234)
            self.until(lambda: refund["refund_number"] in self.stand_in.refunds, "the channel hears of the refund")
            if channel != "unionpay":  # whose refunds end by a query half a minute later
                self.until(lambda: self.order(begun)["refunds"][0]["state"] == "done", channel)
            self.assertEqual(self.stand_in.refunds[refund["refund_number"]]["amount_fen"], 1234)
        self.assertEqual(self.stand_in.refused, [])

    def test_a_second_payment_is_kept_apart_and_goes_back(self):
        for channel, scene in CHANNELS:
            begun = self.order_open(channel, scene)
            self.stand_in.pay(begun["trade_number"])
            before = self.balance()
            self.stand_in.orders[begun["trade_number"]]["reference"] = "43%019d" % begun["payment_order_id"]
            self.assertEqual(self.stand_in.pay(begun["trade_number"], copies=3), [200, 200, 200])
            self.assertEqual(self.balance(), before)
            second = [row for row in self.house.call("GET", "/payment-orders?account_id=%d" % self.account, expect=200)["items"]
                      if row["second_of"] == begun["payment_order_id"]]
            self.assertEqual([(row["state"], row["in_suspense"], row["amount_fen"]) for row in second], [("paid", True, 5000)])
            path = "/payment-orders/%d/refunds" % second[0]["payment_order_id"]
            refund = self.house.call("POST", path, {"amount_fen": 5000, "key": self.key(), "reason": "付了两次"}, expect=201)
            self.until(lambda: refund["refund_number"] in self.stand_in.refunds, "the channel hears of the refund")
            self.assertEqual(self.balance(), before)
        self.house.call("POST", "/payment-refunds/1/resolve", {"action": "paid_out", "reason": "查过了"}, expect=409)
        self.assertEqual(self.stand_in.refused, [])

    def test_a_kill_between_order_and_money_loses_nothing(self):
        before = self.balance()
        begun = self.order_open("wechat", "qr")
        self.house.kill()
        self.stand_in.pay(begun["trade_number"], call_back=False)
        self.start()
        self.assertEqual(self.stand_in.call_back(self.stand_in.orders[begun["trade_number"]]), 200)
        self.assertEqual(self.stand_in.call_back(self.stand_in.orders[begun["trade_number"]]), 200)
        self.assertEqual(self.balance(), before + 5000)
        self.assertTrue(self.house.call("GET", "/ledger/trial-balance", expect=200)["balanced"])

    def test_wrong_orders_are_named(self):
        good = {"account_id": self.account, "amount_fen": 100, "channel": "wechat", "scene": "qr", "key": "wrong-order-1",
                "description": "水费"}
        for change, status in (({"amount_fen": 0}, 422), ({"amount_fen": -1}, 422), ({"amount_fen": 2**63}, 422),
                               ({"channel": "gold"}, 422), ({"scene": "page"}, 422), ({"account_id": 999}, 404),
                               ({"description": ""}, 422)):
            self.house.call("POST", "/payment-orders", {**good, **change})
            self.assertIn(self.house.status, (status, 400), change)

    def test_secrets_are_in_no_log_and_no_database(self):
        with open(os.path.join(self.house.folder, "errors"), "rb") as file:
            said = file.read()
        with self.house.database() as database:
            said += database.content()
        for secret in (b"0123456789abcdef0123456789abcdef", b"PRIVATE KEY"):
            self.assertNotIn(secret, said)

    def test_the_books_are_right(self):
        begun = self.order_open("wechat", "qr")
        self.stand_in.pay(begun["trade_number"])
        answer = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)


if __name__ == "__main__":
    unittest.main()
