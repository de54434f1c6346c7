"""Messages leave the house once: every provider's stand-in checks our signature and misbehaves; what happened is seen."""

import email
import email.policy
import json
import os
import threading
import unittest

from installation import Installation
from message_frames import cmpp_submit, smpp_submit
from message_gateway import CmppGateway, SmppGateway
from message_peer import SECRET, HttpPeer, SmtpPeer
from waiting import PATIENCE_S, until

TARIFF = {"utility": "water", "unit": "m3", "items": [{"name": "water", "price": "2.00"}]}


def templates(*parameters):
    return [{"kind": kind, "code": "T-" + kind, "parameters": dict(parameters)} for kind in ("low_third", "test")]


class MessagesHouse(Installation):
    """An installation with providers, whose quiet hours are off unless a test wants them."""

    def __init__(self, providers):
        super().__init__()
        self.providers_write(providers)

    def providers_write(self, providers):
        path = os.path.join(self.data, "messages.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"providers": providers}, file)
        os.chmod(path, 0o600)

    def begin(self):
        self.start()
        self.sign_in()
        for key, value in (("notice_start_min", "0"), ("notice_end_min", "1440")):
            self.call("PUT", "/settings/" + key, {"value": value}, expect=200)
        self.building = self.add_building()
        self.tariff = self.call("POST", "/tariffs", {"name": "水", "effective_day": "2020-01-01", "document": TARIFF},
                                expect=201)["tariff_id"]
        self.homes = 0
        return self

    def add_home(self, phones):
        """A prepaid household without money: it is told so at once."""
        self.homes += 1
        device = self.add_device(self.building, 862220000000100 + self.homes, "2220000001%02d" % self.homes)
        customer = self.call("POST", "/customers", {"number": "10%04d" % self.homes, "name": "陈佳怡",
                                                     "phones": phones}, expect=201)["customer_id"]
        return self.call("POST", "/accounts", {"customer_id": customer, "device_id": device, "tariff_id": self.tariff,
                                               "payment_mode": "prepaid_platform"}, expect=201)["account_id"]

    def test_message(self, channel, address, **more):
        return self.call("POST", "/messages/test", {"channel": channel, "address": address, **more},
                         expect=201)["message_id"]

    def message(self, message_id):
        return self.call("GET", "/messages/%d" % message_id, expect=200)

    def messages(self, **query):
        text = "&".join("%s=%s" % item for item in query.items())
        return self.call("GET", "/messages?" + text, expect=200)["items"]

    def messages_of(self, account):
        """Those about the account, once there are any: the platform looks at a new account in its next second."""
        return until(lambda: self.messages(account_id=account))

    def message_until(self, message_id, state):
        """The message once it is in this state."""
        return until(lambda: self.message(message_id), lambda message: message["state"] == state)

    def message_tried(self, message_id):
        """The message once a try of it has ended."""
        return until(lambda: self.message(message_id), lambda message: message["history"] and message["state"] != "sending")


class MessagesTest(unittest.TestCase):
    def house(self, *providers):
        house = MessagesHouse(list(providers))
        self.addCleanup(house.close)
        return house.begin()

    def peer(self, kind=HttpPeer):
        peer = kind()
        self.addCleanup(peer.close)
        return peer

    def hook(self, peer, **more):
        return {"name": "hook", "kind": "webhook", "url": peer.url("/hook"), "secret": SECRET, **more}

    def test_a_household_without_money_is_told_on_every_phone_and_so_is_the_area_manager(self):
        peer = self.peer()
        house = self.house({"name": "aliyun", "kind": "aliyun_sms", "url": peer.url(), "id": "testid", "secret": SECRET,
                            "sign_name": "云榕", "version": 3, "cost_e4": 450,
                            "templates": templates(("room", "place"), ("money", "balance"))})
        house.call("POST", "/message-recipients", {"area_id": house.building, "channel": "sms", "address": "13900000001",
                                                   "name": "片区管理员"}, expect=201)
        account = house.add_home("13800000417,13800000418")
        taken = peer.wait(3)
        self.assertEqual({message["to"] for message in taken}, {"13800000417", "13800000418", "13900000001"})
        self.assertEqual({message["template"] for message in taken}, {"T-low_third"})
        self.assertEqual(taken[0]["values"], {"room": "3栋1204", "money": "0.00"})
        self.assertEqual(peer.complaints, [])
        for row in house.messages_of(account):
            done = house.message_until(row["message_id"], "sent")
            self.assertEqual((done["attempts"], done["cost_e4"], done["provider"]), (1, 450, "aliyun"))
            self.assertEqual([step["outcome"] for step in done["history"]], ["sent"])
        counts = house.call("GET", "/messages/summary", expect=200)
        self.assertEqual(counts["counts"], [{"channel": "sms", "state": "sent", "messages": 3}])
        self.assertEqual(counts["days"][0]["cost_e4"], 3 * 450)

    def test_the_older_signature_of_aliyun_and_its_verdicts(self):
        peer = self.peer()
        house = self.house({"name": "aliyun", "kind": "aliyun_sms", "url": peer.url(), "id": "testid", "secret": SECRET,
                            "sign_name": "云榕", "version": 1, "templates": templates(("code", "balance"))})
        sent = house.test_message("sms", "13800000417")
        house.message_until(sent, "sent")
        peer.plan.append("isv.MOBILE_NUMBER_ILLEGAL")
        wrong = house.message_until(house.test_message("sms", "13800000418"), "dead")
        self.assertIn("isv.MOBILE_NUMBER_ILLEGAL", wrong["reason"])
        peer.plan.append("isv.BUSINESS_LIMIT_CONTROL")
        slow = house.test_message("sms", "13800000419")
        message = house.message_tried(slow)
        self.assertEqual((message["state"], message["attempts"]), ("waiting", 0))
        self.assertGreater(message["due_s"], message["created_s"] + 3000)
        self.assertEqual(peer.complaints, [])

    def test_an_sms_that_met_a_broken_provider_is_sent_later(self):
        peer = self.peer()
        house = self.house({"name": "aliyun", "kind": "aliyun_sms", "url": peer.url(), "id": "testid", "secret": SECRET,
                            "sign_name": "云榕", "version": 3, "templates": templates(("code", "balance"))})
        peer.plan.append(503)
        broken = house.test_message("sms", "13800000417")
        waiting = house.message_tried(broken)
        self.assertEqual((waiting["state"], waiting["attempts"], waiting["history"][0]["reason"]), ("waiting", 1, "http 503"))
        with house.database() as database:
            database.execute("UPDATE message SET due_s = created_s WHERE message_id = ?", (broken,))  # the half minute is over
        house.test_message("sms", "13800000418")
        self.assertEqual([step["outcome"] for step in house.message_until(broken, "sent")["history"]], ["retry", "sent"])
        self.assertEqual(sorted(message["to"] for message in peer.wait(2)), ["13800000417", "13800000418"])

    def test_tencent_takes_what_is_signed_and_says_what_it_cost(self):
        peer = self.peer()
        house = self.house({"name": "tencent", "kind": "tencent_sms", "url": peer.url(), "id": "AKID", "secret": SECRET,
                            "sign_name": "TEST", "application": "1400006666", "cost_e4": 300,
                            "templates": templates(("1", "place"), ("2", "balance"))})
        done = house.message_until(house.test_message("sms", "13800000417"), "sent")
        self.assertEqual(peer.wait(1)[0]["to"], "+8613800000417")
        self.assertEqual((done["parts"], done["cost_e4"], done["reference"]), (2, 600, "serial-1"))
        peer.plan.append("FailedOperation.PhoneNumberInBlacklist")
        house.message_until(house.test_message("sms", "13800000418"), "dead")
        self.assertEqual(peer.complaints, [])

    def test_wechat_keeps_its_token_and_asks_again_when_it_is_refused(self):
        peer = self.peer()
        house = self.house({"name": "wechat", "kind": "wechat_template", "url": peer.url(), "id": "wx1", "secret": SECRET,
                            "templates": [{"kind": "test", "code": "TPL01", "parameters": {"thing1": "text"}}]})
        house.message_until(house.test_message("wechat", "oTest01", text="一二三四五六七八九十" * 3), "sent")
        self.assertEqual(peer.wait(1)[0]["values"], {"thing1": "一二三四五六七八九十" * 2})
        peer.token += 1   # somebody else fetched one
        done = house.message_until(house.test_message("wechat", "oTest02"), "sent")
        self.assertEqual((done["attempts"], peer.token), (1, 3))
        peer.plan.append("43004")
        gone = house.message_until(house.test_message("wechat", "oTest03"), "dead")
        self.assertIn("43004", gone["reason"])

    def test_subscribe_messages_of_a_mini_program(self):
        peer = self.peer()
        house = self.house({"name": "mini", "kind": "wechat_subscribe", "url": peer.url(), "id": "wx2", "secret": SECRET,
                            "page": "pages/bill", "templates": [{"kind": "test", "code": "TPL02", "language": "en",
                                                                 "parameters": {"thing1": "text"}}]})
        house.message_until(house.test_message("wechat", "oTest01", language="en"), "sent")
        self.assertEqual(peer.wait(1)[0]["path"], "/cgi-bin/message/subscribe/send")
        none = house.message_until(house.test_message("wechat", "oTest01", language="zh"), "dead")
        self.assertEqual(none["reason"], "no_template")

    def test_mail_arrives_whole(self):
        peer = self.peer(SmtpPeer)
        house = self.house({"name": "mail", "kind": "smtp", "url": "smtp://127.0.0.1:%d" % peer.port, "id": "mailer",
                            "secret": SECRET, "source": "noreply@example.cn", "sign_name": "云榕水务"})
        text = "余额不足, 请缴费。" * 20
        house.message_until(house.test_message("email", "owner@example.cn", text=text[:120]), "sent")
        mail = email.message_from_bytes(peer.wait(1)[0]["raw"], policy=email.policy.default)
        self.assertEqual(mail.get_content().strip(), text[:120])
        self.assertEqual((mail["From"], mail["To"]), ("云榕水务 <noreply@example.cn>", "owner@example.cn"))
        self.assertEqual(mail["Subject"], "通知")
        peer.plan.append("550 no such person")
        self.assertIn("550", house.message_until(house.test_message("email", "no@example.cn"), "dead")["reason"])
        self.assertEqual(peer.complaints, [])

    def cmpp(self, gateway, **more):
        return {"name": "cmpp", "kind": "cmpp", "url": "127.0.0.1:%d" % gateway.port, "id": "900001", "secret": "888888",
                "source": "1065900001", "application": "WATER", "cost_e4": 200, **more}

    def smpp(self, gateway, **more):
        return {"name": "smpp", "kind": "smpp", "url": "127.0.0.1:%d" % gateway.port, "id": "meter", "secret": "secret",
                "source": "WATERCO", **more}

    def test_a_long_message_over_cmpp_arrives_whole_in_both_versions(self):
        for version, number in ((0x20, 20), (0x30, 30)):
            gateway = self.peer(lambda: CmppGateway(version))
            house = self.house(self.cmpp(gateway, version=number))
            text = "余额不足请缴费。" * 20
            done = house.message_until(house.test_message("sms", "+8613800000417", text=text), "delivered")
            self.assertEqual(gateway.wait(1), [{"to": "13800000417", "text": text}])
            self.assertEqual((done["parts"], done["cost_e4"], len(done["provider_parts"])), (3, 600, 3))
            self.assertEqual([step["outcome"] for step in done["history"]], ["sent", "delivered"])
            self.assertEqual(gateway.complaints, [])

    def test_a_cmpp_gateway_may_refuse_throttle_and_fail(self):
        gateway = self.peer(CmppGateway)
        house = self.house(self.cmpp(gateway, version=20))
        gateway.plan.append(13)
        self.assertEqual(house.message_until(house.test_message("sms", "13800000417"), "dead")["reason"],
                         "cmpp result 13")
        gateway.plan.append("undelivered")
        self.assertEqual(house.message_until(house.test_message("sms", "13800000418"), "failed")["reason"], "UNDELIV")
        gateway.plan.append(8)
        throttled = house.test_message("sms", "13800000419")
        done = house.message_until(throttled, "delivered")
        self.assertEqual([step["outcome"] for step in done["history"]], ["throttled", "sent", "delivered"])
        self.assertEqual(done["attempts"], 1)
        self.assertEqual(gateway.complaints, [])

    def test_the_readers_of_frames_take_samples_and_nothing_else(self):
        """Frames computed by hand from the standards' tables, with four Chinese characters."""
        cmpp = bytes.fromhex("000000000000000001010101574154455200000000000200000000000000000000000000000000000000000000000839303030"
                             "3031303130" + "00" * 5 + "00" * 34 + "31303635393030303031" + "00" * 11 + "01"
                             "3133383030303030303030" + "00" * 10 + "084f59989d4e0d8db3" + "00" * 8)
        smpp = bytes.fromhex("0005005741544552434f0001013836313338303030303030303030000000000000010008"
                             "00084f59989d4e0d8db3")
        for name, frame, read in (("cmpp", cmpp, lambda body, hear: cmpp_submit(body, 0x20, "900001", hear)),
                                  ("smpp", smpp, smpp_submit)):
            heard = []
            self.assertEqual(read(frame, heard.append)["content"].decode("utf-16-be"), "余额不足", name)
            self.assertEqual(heard, [], name)
            for wrong in (frame + b"\0", *(frame[:size] for size in range(1, len(frame), 5))):
                heard = []
                read(wrong, heard.append)
                self.assertNotEqual(heard, [], (name, wrong.hex()))

    def test_a_wrong_secret_leaves_messages_waiting(self):
        gateway = self.peer(lambda: CmppGateway(secret="another"))
        house = self.house(self.cmpp(gateway, version=20))
        message_id = house.test_message("sms", "13800000417")
        with gateway.lock:
            self.assertTrue(gateway.lock.wait_for(lambda: len(gateway.complaints) >= 2, PATIENCE_S))
        self.assertEqual(house.message(message_id)["state"], "waiting")
        self.assertEqual(set(gateway.complaints), {"cmpp proof"})
        with open(os.path.join(house.folder, "errors"), encoding="utf-8") as file:
            log = file.read()
        self.assertIn("the gateway refuses the sign-in: status 3", log)
        self.assertNotIn("888888", log)
        self.assertNotIn("13800000417", log)

    def test_smpp_delivers_and_a_repeated_receipt_changes_nothing(self):
        gateway = self.peer(SmppGateway)
        house = self.house(self.smpp(gateway))
        gateway.plan.append("twice")
        done = house.message_until(house.test_message("sms", "13800000417", language="en"), "delivered")
        self.assertEqual(gateway.wait(1), [{"to": "8613800000417", "text": "This is a test message, please ignore it."}])
        self.assertEqual([step["outcome"] for step in done["history"]], ["sent", "delivered"])
        gateway.plan.append(0x0b)
        self.assertEqual(house.message_until(house.test_message("sms", "13800000418"), "dead")["reason"],
                         "smpp status 0x0b")
        self.assertEqual(gateway.complaints, [])

    def test_a_dropped_connection_is_made_again_and_the_message_is_not_lost(self):
        gateway = self.peer(SmppGateway)
        house = self.house(self.smpp(gateway))
        gateway.plan.append("drop")
        message_id = house.test_message("sms", "13800000417")
        message = house.message_tried(message_id)
        self.assertEqual((message["state"], message["history"][0]["outcome"]), ("waiting", "retry"))
        self.assertGreaterEqual(message["due_s"], message["created_s"] + 30)
        house.message_until(house.test_message("sms", "13800000418"), "delivered")
        self.assertGreaterEqual(gateway.sessions, 2)

    def test_when_one_provider_fails_another_takes_over(self):
        peer, gateway = self.peer(), self.peer(SmppGateway)
        house = self.house(self.smpp(gateway), {"name": "tencent", "kind": "tencent_sms", "url": peer.url(), "id": "A",
                                                "secret": SECRET, "templates": templates(("1", "place"))})
        gateway.refuse()
        gateway.drop()
        for number in range(5):
            house.message_until(house.test_message("sms", "1380000042%d" % number), "sent")
        self.assertEqual(len(peer.taken), 5)

    def test_a_webhook_that_loses_its_answer_still_counts_once(self):
        peer = self.peer()
        house = self.house(self.hook(peer))
        house.call("POST", "/message-recipients", {"channel": "webhook", "address": "hook", "name": "ERP"}, expect=201)
        peer.plan.append("lose")
        account = house.add_home("")
        told = peer.wait(1)[0]
        self.assertEqual((told["kind"], told["account_id"], told["values"]["balance"]), ("low_third", account, "0.00"))
        row = house.messages_of(account)[0]
        message = house.message_tried(row["message_id"])
        self.assertEqual((message["state"], message["attempts"]), ("waiting", 1))
        self.assertEqual(len(peer.seen_numbers), 1)
        self.assertEqual(peer.complaints, [])

    def test_what_was_under_way_at_a_crash_is_sent_again_under_the_same_number(self):
        peer = self.peer()
        house = self.house(self.hook(peer, timeout_s=60))
        hold = HoldPeer(peer)
        peer.plan.append(hold)
        message_id = house.test_message("webhook", "hook")
        hold.reached.acquire()
        self.assertEqual(house.message(message_id)["state"], "sending")
        house.kill()
        hold.released.release()
        house.start()
        house.message_until(message_id, "delivered")
        self.assertEqual(len(peer.taken), 1)
        self.assertEqual(list(peer.seen_numbers.values()), [2])

    def test_redirects_are_refused_and_a_person_sends_again(self):
        peer = self.peer()
        house = self.house(self.hook(peer))
        peer.plan.append("redirect")
        message_id = house.test_message("webhook", "hook")
        self.assertEqual(house.message_until(message_id, "dead")["reason"], "http 302")
        house.call("POST", "/messages/%d/resend" % message_id, {"reason": "fixed"}, expect=200)
        done = house.message_until(message_id, "delivered")
        self.assertEqual([step["outcome"] for step in done["history"]], ["refused", "delivered"])
        house.call("POST", "/messages/999999/resend", {}, expect=404)

    def test_without_a_provider_messages_are_kept(self):
        house = self.house()
        account = house.add_home("13800000417")
        row = house.messages_of(account)[0]
        self.assertEqual((row["state"], row["attempts"]), ("kept", 0))
        house.call("POST", "/messages/%d/resend" % row["message_id"], {}, expect=409)
        house.call("POST", "/messages/test", {"channel": "sms", "address": "13800000417"}, expect=409)

    def test_routine_messages_wait_for_the_morning_and_one_number_is_not_flooded(self):
        peer = self.peer()
        house = self.house(self.hook(peer), {"name": "sms", "kind": "tencent_sms", "url": peer.url(), "id": "A",
                                             "secret": SECRET, "templates": templates(("1", "place"))})
        house.call("PUT", "/settings/message_daily_limit", {"value": "1"}, expect=200)
        house.messages_of(house.add_home("13800000417"))
        account = house.add_home("13800000417")
        row = house.messages_of(account)[0]
        self.assertEqual((row["state"], row["reason"]), ("dead", "daily_limit"))

    def test_templates_are_edited_previewed_and_checked(self):
        peer = self.peer()
        house = self.house(self.hook(peer))
        house.call("POST", "/message-recipients", {"channel": "webhook", "address": "hook", "name": "ERP"}, expect=201)
        for method, path in (("PUT", "/message-templates"), ("POST", "/message-templates/preview")):
            house.call(method, path, {"kind": "low_fourth", "language": "zh", "text": "x"}, expect=422)
        wrong = house.call("PUT", "/message-templates", {"kind": "low_third", "language": "zh", "text": "余额{ballance}"},
                           expect=422)["error"]
        self.assertIn("{ballance}", wrong["message"])
        for text in ("余额{balance", "余额}", "{", "行\n行"):
            house.call("POST", "/message-templates/preview", {"kind": "low_third", "language": "zh", "text": text})
            self.assertIn(house.status, (400, 422), text)
        shown = house.call("POST", "/message-templates/preview", {"kind": "low_third", "language": "zh",
                                                                  "text": "{place}只剩{balance}元"}, expect=200)
        self.assertEqual((shown["sample"], shown["sms_parts"]), ("3栋1204只剩18.20元", 1))
        house.call("PUT", "/message-templates", {"kind": "low_third", "language": "zh", "text": "{place}只剩{balance}元"},
                   expect=200)
        house.add_home("")
        self.assertEqual(peer.wait(1)[0]["text"], "3栋1204只剩0.00元")
        listed = house.call("GET", "/message-templates", expect=200)["items"]
        own = [row for row in listed if not row["is_default"]]
        self.assertEqual([(row["kind"], row["language"]) for row in own], [("low_third", "zh")])

    def test_a_file_that_others_may_read_or_that_is_wrong_keeps_the_program_from_starting(self):
        house = MessagesHouse([])
        self.addCleanup(house.close)
        path = os.path.join(house.data, "messages.json")
        os.chmod(path, 0o644)
        self.assertIn("chmod 600", self.refusal(house))
        for provider, word in (({"kind": "webhook", "name": "a", "url": "http://example.cn/", "secret": "geheim"}, "url"),
                               ({"kind": "pigeon", "name": "a"}, "kind"), ({"kind": "webhook", "nmae": "a"}, "nmae")):
            house.providers_write([provider])
            words = self.refusal(house)
            self.assertIn(word, words)
            self.assertNotIn("geheim", words)

    def refusal(self, house):
        try:
            house.start()
        except AttributeError:
            pass
        else:
            self.fail("it started")
        house.process.wait()
        house.process.stdout.close()
        house.errors.close()
        house.process = None
        with open(os.path.join(house.folder, "errors"), encoding="utf-8") as file:
            return file.read()

    def test_a_viewer_sees_masked_numbers_even_in_exports(self):
        peer = self.peer()
        house = self.house(self.hook(peer))
        house.messages_of(house.add_home("13800000417"))
        house.call("POST", "/people", {"login": "viewer", "display_name": "v", "role": "viewer",
                                       "area_id": house.root_area(), "password": "a-long-test-password"}, expect=201)
        house.sign_in("viewer")
        self.assertEqual(house.messages()[0]["recipient"], "138****0417")
        text = house.call("GET", "/messages?format=csv", expect=200)
        self.assertIn("138****0417", text)
        self.assertNotIn("13800000417", text)
        house.call("POST", "/messages/test", {"channel": "webhook", "address": "hook"}, expect=403)


class HoldPeer:
    """Holds the answer of one request until it is let go, and then loses it."""

    def __init__(self, peer):
        self.reached, self.released = threading.Semaphore(0), threading.Semaphore(0)
        hook = peer.hook

        def held(request, body, plan):
            hook(request, body, "lose" if plan is self else plan)
            if plan is self:
                self.reached.release()
                self.released.acquire()

        peer.hook = held


if __name__ == "__main__":
    unittest.main()
