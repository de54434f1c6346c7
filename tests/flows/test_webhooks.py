"""Events reach other systems at least once, in order for each account, signed; and only where they may go."""

import http.server
import json
import os
import re
import threading
import time
import unittest

from coap_device import CHANGED, Device, Report
from installation import PASSWORD, Installation
from open_client import OpenClient
from test_open_interfaces import OpenHouse
from test_report import last_midnight
from waiting import PATIENCE_S, until

PAGE = os.path.join(os.path.dirname(__file__), "../../docs/webhooks.md")
ALL = ("bill.issued,payment.received,payment.reversed,refund.paid,balance.low,cut_off.planned,cut_off.executed,"
       "supply.restored,command.finished")


def printed_check():
    """The verifying example as it is printed on the page."""
    with open(PAGE, encoding="utf-8") as file:
        example = re.search(r"```python\n(.*?)```", file.read(), re.S).group(1)
    names = {}
    exec(example, names)   # pylint: disable=exec-used
    return names["is_genuine"]


class Receiver:
    """Somebody else's server; `plan` holds how to answer the next requests: a status, "drop", "hang" (until it is closed)
    or "endless" (200, and words without end)."""

    def __init__(self, path="/hook"):
        self.lock = threading.Condition()
        self.requests, self.plan, self.path, self.released = [], [], path, threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    answer = receiver.plan.pop(0) if receiver.plan else 200
                    receiver.requests.append((answer, dict(self.headers), body))
                    receiver.lock.notify_all()
                if answer in ("drop", "hang", "endless"):
                    self.close_connection = True
                    self.misbehave(answer)
                    return
                self.send_response(answer)
                if answer == 302:
                    self.send_header("Location", receiver.url() + "elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def misbehave(self, how):
                if how == "hang":
                    receiver.released.wait(60)
                if how == "endless":
                    self.send_response(200)
                    self.end_headers()
                    try:
                        while not receiver.released.is_set():
                            self.wfile.write(b"x" * 65536)
                    except OSError:
                        pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def url(self):
        return "http://127.0.0.1:%d%s" % (self.server.server_address[1], self.path)

    def wait(self, count, seconds=PATIENCE_S):
        with self.lock:
            if not self.lock.wait_for(lambda: len(self.requests) >= count, seconds):
                raise AssertionError("only %d of %d requests" % (len(self.requests), count))
            return list(self.requests)

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class WebhooksTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = OpenHouse()
        path = os.path.join(cls.house.data, "messages.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"webhooks": {"private_addresses": True}}, file)
        os.chmod(path, 0o600)
        cls.house.begin()
        for key, value in (("notice_start_min", "0"), ("notice_end_min", "1440")):  # also at night
            cls.house.call("PUT", "/settings/" + key, {"value": value}, expect=200)
        cls.client = cls.house.client()
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def receiver(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        return receiver

    def endpoint(self, receiver, kinds="payment.received", **more):
        made = self.house.call("POST", "/webhook-endpoints", {
            "name": "ERP", "area_id": self.house.building, "url": receiver.url(), "kinds": kinds, **more}, expect=201)
        self.addCleanup(self.house.call, "PATCH", "/webhook-endpoints/%d" % made["endpoint_id"], {"disabled": True})
        return made

    def pay(self, home, amount=100):
        type(self).number += 1
        return self.client.call("/top-up", device_id=home, amount_fen=amount, trade_number="W-%08d" % self.number)

    def deliveries(self, endpoint, **query):
        text = "".join("&%s=%s" % item for item in query.items())
        return self.house.call("GET", "/webhook-deliveries?limit=200&endpoint_id=%d%s" % (endpoint["endpoint_id"], text),
                               expect=200)["items"]

    def delivery_until(self, endpoint, state):
        return until(lambda: self.deliveries(endpoint), lambda found: found and all(row["state"] == state for row in found))

    def test_a_payment_is_told_signed_and_can_be_checked_as_the_page_says(self):
        receiver, is_genuine, seen = self.receiver(), printed_check(), set()
        endpoint, home = self.endpoint(receiver), self.house.add_home()
        paid = self.pay(home, 4200)
        _, headers, body = receiver.wait(1)[0]
        self.assertFalse(is_genuine("another", headers, body, set()))
        self.assertFalse(is_genuine(endpoint["secret"], headers, body + b" ", set()))
        self.assertTrue(is_genuine(endpoint["secret"], headers, body, seen))
        self.assertFalse(is_genuine(endpoint["secret"], headers, body, seen))
        event = json.loads(body)
        self.assertEqual((event["id"], event["kind"], event["device_id"], event["data"]),
                         ("payment.received:%d" % paid["top_up_id"], "payment.received", home,
                          {"payment_id": paid["top_up_id"], "amount_fen": 4200, "method": "partner",
                           "reference": paid["receipt"]}))
        self.delivery_until(endpoint, "delivered")

    def test_what_was_lost_comes_again_under_the_same_id_and_in_order(self):
        receiver = self.receiver()
        receiver.plan += ["drop"]
        endpoint, home = self.endpoint(receiver), self.house.add_home()
        ids = ["payment.received:%d" % self.pay(home)["top_up_id"] for _ in range(3)]
        receiver.wait(1)
        self.house.call("POST", "/webhook-deliveries/99999/resend", {}, expect=404)
        self.assertEqual({row["state"] for row in self.deliveries(endpoint)}, {"waiting", "sending"} &
                         {row["state"] for row in self.deliveries(endpoint)})
        # Whoever mends the address is tried at once; the first waits half a minute, and the others wait for it.
        waiting = [row["event_id"] for row in reversed(self.deliveries(endpoint))]
        self.assertEqual(waiting, ids)
        self.assertEqual(len(receiver.requests), 1)

    def test_events_of_an_account_keep_their_order(self):
        receiver = self.receiver()
        self.endpoint(receiver)
        homes = [self.house.add_home() for _ in range(2)]
        sent = {home: [] for home in homes}
        for turn in range(20):
            home = homes[turn % 2]
            sent[home].append("payment.received:%d" % self.pay(home)["top_up_id"])
        heard = {home: [] for home in homes}
        for _, _, body in receiver.wait(20):
            heard[json.loads(body)["device_id"]].append(json.loads(body)["id"])
        self.assertEqual(heard, sent)

    def test_each_endpoint_hears_what_it_asked_for_of_its_area(self):
        payments, commands, far = self.receiver(), self.receiver(), self.receiver()
        self.endpoint(payments)
        self.endpoint(commands, kinds="command.finished,balance.low")
        self.endpoint(far, kinds=ALL, area_id=self.house.other_building)
        home = self.house.add_home(low_balance_fen=5000)
        done = self.client.call("/device/mode", device_id=home, mode="open", request_number="W-mode-%04d" % self.number)
        self.house.call("POST", "/commands/%d/cancel" % done["command_id"], {"reason": "不再需要"})
        self.pay(home)
        kinds = {json.loads(body)["kind"]: json.loads(body)["data"] for _, _, body in commands.wait(2)}
        self.assertEqual(kinds["command.finished"], {"command_id": done["command_id"], "command": "open_valve",
                                                     "state": "cancelled"})
        self.assertEqual(kinds["balance.low"]["notice"], "low_third")
        self.assertEqual([json.loads(body)["kind"] for _, _, body in payments.wait(1)], ["payment.received"])
        self.assertEqual(far.requests, [])

    def test_a_refund_in_cash_is_told(self):
        receiver = self.receiver()
        self.endpoint(receiver, kinds="bill.issued,refund.paid")
        home = self.house.add_home()
        account = self.house.call("GET", "/devices/%d" % home, expect=200)["account"]["account_id"]
        self.pay(home, 5000)
        self.house.call("PUT", "/settings/refund_release_above_fen", {"value": "100000"}, expect=200)
        asked = self.house.call("POST", "/accounts/%d/refunds" % account, {
            "amount_fen": 1000, "rest": "cash", "reason": "多缴", "key": "refund-of-webhooks"})
        self.assertIn(self.house.status, (200, 201), asked)
        event = json.loads(receiver.wait(1)[0][2])
        self.assertEqual((event["kind"], event["account_id"], event["data"]["amount_fen"], event["data"]["method"]),
                         ("refund.paid", account, 1000, "cash"))
        self.assertEqual(event["id"], "refund.paid:" + event["data"]["reference"])

    def test_redirects_and_gone_end_it_and_it_can_be_sent_again(self):
        receiver = self.receiver()
        receiver.plan += [302, 410]
        endpoint, homes = self.endpoint(receiver), [self.house.add_home() for _ in range(2)]
        for home in homes:
            self.pay(home)
        dead = self.delivery_until(endpoint, "dead")
        self.assertEqual({row["reason"] for row in dead}, {"http 302", "http 410"})
        self.assertEqual([request[0] for request in receiver.requests], [302, 410])
        self.house.call("POST", "/webhook-deliveries/%d/resend" % dead[0]["delivery_id"], {"reason": "已修复"}, expect=200)
        receiver.wait(3)
        shown = self.house.call("GET", "/webhook-deliveries/%d" % dead[0]["delivery_id"], expect=200)
        self.assertEqual(shown["body"]["id"], dead[0]["event_id"])
        self.assertEqual(receiver.requests[2][1]["X-Meterworks-Id"], dead[0]["event_id"])

    def test_a_silent_endpoint_holds_up_nobody_else(self):
        silent, well = self.receiver(), self.receiver()
        silent.plan += [503] * 100
        bad, good = self.endpoint(silent), self.endpoint(well)
        homes = [self.house.add_home() for _ in range(20)]
        for home in homes:
            self.pay(home)
        well.wait(20)
        self.delivery_until(good, "delivered")
        self.assertLess(len(silent.requests), 20)
        shown = self.house.call("GET", "/webhook-endpoints/%d" % bad["endpoint_id"], expect=200)
        self.assertEqual((shown["failures"], shown["waiting"]), (1, 20))
        self.assertTrue(shown["paused_until_s"])

    def test_an_endpoint_that_hangs_with_much_to_hear_keeps_no_other_one_waiting(self):
        hanging, well = self.receiver(), self.receiver()
        hanging.plan += ["hang"] * 100
        bad, good = self.endpoint(hanging), self.endpoint(well, area_id=self.house.other_building)
        homes = [self.house.add_home() for _ in range(20)]
        for home in homes:
            self.pay(home)
        hanging.wait(4)
        far = self.house.client(area_id=self.house.other_building)
        far.call("/top-up", device_id=self.house.add_home(self.house.other_building), amount_fen=100, trade_number="W-far-0001")
        well.wait(1)
        self.delivery_until(good, "delivered")
        self.assertEqual(len(hanging.requests), 4)
        self.assertEqual(sorted(row["state"] for row in self.deliveries(bad)), ["sending"] * 4 + ["waiting"] * 16)

    def test_whoever_answers_without_end_has_answered(self):
        receiver = self.receiver()
        receiver.plan += ["endless"]
        endpoint = self.endpoint(receiver)
        self.pay(self.house.add_home())
        self.delivery_until(endpoint, "delivered")
        self.assertEqual(len(receiver.requests), 1)

    def test_both_secrets_sign_for_a_day_after_a_change(self):
        receiver, is_genuine = self.receiver(), printed_check()
        old = self.endpoint(receiver)
        new = self.house.call("POST", "/webhook-endpoints/%d/secret" % old["endpoint_id"], {}, expect=201)
        self.assertNotEqual(old["secret"], new["secret"])
        self.house.call("POST", "/webhook-endpoints/%d/test" % old["endpoint_id"], {}, expect=200)
        _, headers, body = receiver.wait(1)[0]
        for secret in (old["secret"], new["secret"]):
            self.assertTrue(is_genuine(secret, headers, body, set()))
        self.assertEqual(json.loads(body)["kind"], "test")
        shown = json.dumps(self.house.call("GET", "/webhook-endpoints/%d" % old["endpoint_id"], expect=200))
        self.assertNotIn(old["secret"], shown)

    def test_what_is_no_address_and_no_kind(self):
        good = {"name": "x", "area_id": self.house.building, "url": "https://example.cn/hook", "kinds": "bill.issued"}
        for wrong in ({"url": "ftp://example.cn"}, {"url": "https://"}, {"url": "https://user:word@example.cn/"},
                      {"url": "https://example.cn/ x"}, {"url": "https://example.cn/#x"}, {"url": "example.cn:443/"},
                      {"kinds": "bill.isued"}, {"kinds": "bill.issued,"}, {"kinds": "test"}, {"kinds": "bill.issued, refund.paid"}):
            self.house.call("POST", "/webhook-endpoints", {**good, **wrong}, expect=422)
        self.house.call("POST", "/webhook-endpoints", {**good, "area_id": 99999}, expect=404)
        self.house.call("PATCH", "/webhook-endpoints/99999", {"disabled": True}, expect=404)


class StoryTest(unittest.TestCase):
    """What a partner hears of a household that owes, is cut off, pays and has its supply back, and of another's bill."""

    @classmethod
    def setUpClass(cls):
        cls.house = OpenHouse()
        path = os.path.join(cls.house.data, "messages.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"webhooks": {"private_addresses": True}}, file)
        os.chmod(path, 0o600)
        cls.house.begin()
        for key, value in (("notice_start_min", "0"), ("notice_end_min", "1440"), ("cut_start_min", "0"), ("cut_end_min", "1440"),
                           ("cut_weekdays", "1,2,3,4,5,6,7"), ("bills_by_run", "1")):
            cls.house.call("PUT", "/settings/" + key, {"value": value}, expect=200)
        cls.debtor = cls.house.add_home(grace_h=0)
        cls.billed = cls.house.add_home(mode="postpaid")
        token = cls.house.add_token(cls.house.add_partner())
        cls.signer = OpenClient(cls.house.http_port, token["token"], token["secret"])
        cls.overheard = json.dumps({"token": token["token"], "device_id": cls.debtor}).encode()
        cls.overheard_headers = cls.signer.signed_headers("/open/v1/device/balance", cls.overheard)
        cls.house.stop()
        with cls.house.database() as database:
            database.execute("UPDATE account_standing SET settled_day = settled_day - 4")
        cls.house.start()
        cls.house.sign_in()
        cls.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                           "password": PASSWORD, "area_id": cls.house.root_area()}, expect=201)
        cls.receiver = Receiver()
        cls.secret = cls.house.call("POST", "/webhook-endpoints", {
            "name": "ERP", "area_id": cls.house.building, "url": cls.receiver.url(), "kinds": ALL}, expect=201)["secret"]

    @classmethod
    def tearDownClass(cls):
        cls.receiver.close()
        cls.house.close()

    def test_what_was_signed_before_a_restart_is_not_taken_after_it(self):
        self.signer.port = self.house.http_port
        told = self.signer.send("/device/balance", self.overheard, self.overheard_headers)[2]
        self.assertEqual(told["code"], "timestamp_skew")

    def account(self, device):
        return self.house.call("GET", "/devices/%d" % device, expect=200)["account"]["account_id"]

    def device(self, number):
        device = Device(self.house.coap_port, 862220000000200 + number)
        self.addCleanup(device.close)
        device.register()
        return device

    def report(self, device, **more):
        text = Report(int(time.time()), 9000, last_midnight(), [8000, 7500, 7000, 6500, 6000, 5500, 5000], **more)
        self.assertEqual(device.send(text.senml_cbor()).code, CHANGED)

    def heard(self, device, kind):
        """The kinds heard of the device until this one, and its data. Every word is genuine."""
        is_genuine = printed_check()
        for count in range(1, 100):
            events = []
            for _, headers, body in self.receiver.wait(count)[:count]:  # others may have come upon it
                self.assertTrue(is_genuine(self.secret, headers, body, set()))
                event = json.loads(body)
                if event["device_id"] == device:
                    events.append(event)
            if events and events[-1]["kind"] == kind:
                return [event["kind"] for event in events], events[-1]["data"]
        return self.fail("never heard")

    def command_execute(self, device, expected, **shown):
        """The meter executes what waits for it when it reports next."""
        self.house.until("/devices/%d/commands" % self.debtor,
                         lambda seen: any(command["state"] in ("queued", "sent") for command in seen["items"]))
        self.report(device)
        request = device.wait_request()
        self.assertTrue(request.payload.startswith(expected), request.payload)
        device.answer(request, CHANGED)
        self.report(device, **shown)

    def test_a_household_that_owes_and_pays(self):
        device = self.device(1)
        self.report(device)
        kinds, planned = self.heard(self.debtor, "cut_off.planned")
        owed_fen = planned["due_fen"]
        self.assertGreater(owed_fen, 0)
        self.command_execute(device, b"0='close'", valve=1)
        kinds, cut = self.heard(self.debtor, "cut_off.executed")
        self.assertEqual(cut["due_fen"], owed_fen)
        self.house.client().call("/top-up", device_id=self.debtor, amount_fen=5000, trade_number="S-000001")
        self.command_execute(device, b"0='open'")
        kinds, restored = self.heard(self.debtor, "supply.restored")
        self.assertEqual((restored["balance_fen"], restored["paid_fen"]), (5000 - owed_fen, 5000))
        order = [kind for kind in kinds if kind not in ("balance.low", "command.finished")]
        self.assertEqual(order, ["cut_off.planned", "cut_off.executed", "payment.received", "supply.restored"])
        self.assertIn("command.finished", kinds)

    def test_a_bill_and_a_payment_taken_back(self):
        self.report(self.device(2))
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        run = self.house.call("POST", "/settlement/runs", {"to_day": day, "accounts": "all"}, expect=201)["run_id"]
        account = self.account(self.billed)
        self.house.call("POST", "/cash-shifts", {"float_fen": 0}, expect=201)
        paid = self.house.call("POST", "/payments", {"account_id": account, "amount_fen": 300, "method": "cash", "key": "story-cash"},
                               expect=201)
        undo = self.house.call("POST", "/payments/%d/undo" % paid["payment_id"], {"reason": "输错金额"}, expect=201)["undo_id"]
        self.addCleanup(self.house.sign_in)
        self.house.sign_in("second")
        self.house.call("POST", "/payment-undos/%d/release" % undo, {}, expect=200)
        kinds, data = self.heard(self.billed, "payment.reversed")
        self.assertEqual((kinds, data["payment_id"], data["amount_fen"]),
                         (["payment.received", "payment.reversed"], paid["payment_id"], 300))
        self.house.call("POST", "/settlement/runs/%d/approve" % run, {"reason": "月结"}, expect=200)
        kinds, data = self.heard(self.billed, "bill.issued")
        bill = next(row for row in self.house.call("GET", "/bills", expect=200)["items"] if row["account_id"] == account)
        self.assertEqual((data["bill_id"], data["amount_fen"], data["reference"]), (bill["bill_id"], bill["amount_fen"], bill["number"]))


class InsideTest(unittest.TestCase):
    """Without the operator's word nothing goes to addresses inside the house."""

    def test_private_addresses_are_refused_when_they_are_connected_to(self):
        house, receiver = OpenHouse(), Receiver()
        self.addCleanup(receiver.close)
        self.addCleanup(house.close)
        house.begin()
        asked = {"name": "x", "area_id": house.building, "kinds": "payment.received"}
        house.call("POST", "/webhook-endpoints", {**asked, "url": receiver.url()}, expect=422)
        url = receiver.url().replace("http:", "https:")
        for place in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "[::1]")):
            endpoint = house.call("POST", "/webhook-endpoints", {**asked, "url": place}, expect=201)["endpoint_id"]
            house.call("POST", "/webhook-endpoints/%d/test" % endpoint, {}, expect=200)
            row = house.until("/webhook-deliveries?endpoint_id=%d" % endpoint, lambda seen: seen["items"][0]["reason"])["items"][0]
            self.assertEqual((row["state"], row["reason"]), ("waiting", "address_not_permitted"))
        self.assertEqual(receiver.requests, [])

    def test_files_with_secrets_that_others_may_read_are_refused(self):
        house = Installation()
        self.addCleanup(house.close)
        for name, option in (("messages.json", "--messages"), ("channels.json", "--channels")):
            path = os.path.join(house.folder, name)
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"providers": [], "channels": []}, file)
            os.chmod(path, 0o640)
            with self.assertRaises(AttributeError):   # it ends without naming its ports
                house.start(option, path)
            self.assertNotEqual(house.process.wait(PATIENCE_S), 0)
            with open(os.path.join(house.folder, "errors"), encoding="utf-8") as file:
                self.assertIn(name + " " if name[0] == "m" else name + ":", file.read())
            house.process.stdout.close()
            house.errors.close()
            house.process = None


if __name__ == "__main__":
    unittest.main()
