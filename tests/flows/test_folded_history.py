"""Quarter-hours of long ago are folded while the program runs, and are shown as before; a repeat and a contradiction meet them."""

import contextlib
import os
import sqlite3
import time
import unittest

from coap_device import CHANGED, Device, Report, cbor
from installation import Installation
from test_intervals import DAY_S, day_text, last_midnight, packed
from waiting import PATIENCE_S, until


class FoldedHistoryTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.begin = last_midnight() - 40 * DAY_S
        imei = 860000000710001
        self.device_id = self.house.add_device(self.house.add_building(), imei, "000000710001", size_dn_mm=15,
                                               installed_s=self.begin - DAY_S)
        self.imei = imei

    def send(self, litres):
        device = Device(self.house.coap_port, self.imei)
        self.addCleanup(device.close)
        device.register()
        report = Report(time_s=int(time.time()), volume_l=9000, midnight_s=last_midnight(), history_l=[8990])
        self.assertEqual(device.send(report.senml_cbor()).code, CHANGED)
        self.assertEqual(device.send(cbor([{-2: "/33424/0/", 0: "21", 8: packed(self.begin + 900, litres)}])).code, CHANGED)

    def day(self):
        path = "/devices/%d/intervals?from=%s&to=%s" % (self.device_id, day_text(self.begin), day_text(self.begin))
        return self.house.call("GET", path, expect=200)["items"][0]

    def books(self):
        return contextlib.closing(sqlite3.connect(os.path.join(self.house.data, "meterworks.db"), timeout=PATIENCE_S))

    def fold(self):
        """The week until the next round is over: the program begins one when it starts again."""
        self.house.stop()
        with self.books() as books:
            books.execute("UPDATE interval_progress SET begun_day = 0, running = 0")
            books.commit()
        self.house.start()
        self.house.sign_in()
        with self.books() as books:
            until(lambda: books.execute("SELECT count(*) FROM interval_day").fetchone()[0], lambda rows: rows == 0)
            self.assertEqual(books.execute("SELECT count(*) FROM interval_block").fetchone()[0], 1)

    def test_a_day_is_shown_as_before_it_was_folded(self):
        litres = [7000 + 5 * (quarter + 1) for quarter in range(96)]
        self.send(litres)
        before = self.day()
        self.assertEqual((before["known"], before["missing"], len(before["items"])), (True, 0, 96))
        self.assertEqual(before["items"][95]["register_value"], 7480000)
        self.fold()
        self.assertEqual(self.day(), before)
        self.send(litres[:50] + [litres[50] + 1] + litres[51:])
        after = self.day()
        self.assertEqual([item["register_value"] for item in after["items"]], [litre * 1000 for litre in litres])
        self.assertEqual(after["items"][50]["quality"], "conflict")
        self.fold()
        self.assertEqual(self.day(), after)


if __name__ == "__main__":
    unittest.main()
