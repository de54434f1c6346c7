"""Supply cut off for debts through the program: hours, holidays, the exempt, limits, two people, the last moment, a kill, and back."""

import datetime
import subprocess
import time
import unittest

from installation import PASSWORD, PROGRAM, Installation
from waiting import settled_day, until

DEBTORS = 6  # the sixth pays before its moment; the seventh household is exempt


def local_now():
    return datetime.datetime.utcnow() + datetime.timedelta(hours=8)


class CutOffTest(unittest.TestCase):
    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.house.call("POST", "/people", {"login": "second", "display_name": "李建国", "role": "administrator",
                                            "area_id": self.house.root_area(), "password": PASSWORD}, expect=201)
        # A window that opens when it is not now, whenever now is.
        closed = (1380, 1439) if local_now().hour < 12 else (1, 2)
        self.settings(notice_start_min=0, notice_end_min=1440, cut_start_min=closed[0], cut_end_min=closed[1],
                      cut_weekdays="1,2,3,4,5,6,7", cut_release_above=1, cut_limit_per_run=4)
        self.building = self.house.add_building()
        self.tariff = self.house.call("POST", "/tariffs", {
            "name": "居民生活用水", "effective_day": "2020-01-01",
            "document": {"items": [{"name": "water", "price": "2.00"}]}}, expect=201)["tariff_id"]
        self.homes = [self.home(number) for number in range(DEBTORS + 1)]
        self.owe()

    def settings(self, **values):
        for key, value in values.items():
            self.house.call("PUT", "/settings/" + key, {"value": str(value)}, expect=200)

    def home(self, number):
        device = self.house.add_device(self.building, 862220000000001 + number, "22200000000%d" % number)
        exempt = {"protected_until_s": 4102444800, "protected_reason": "家用呼吸机"} if number == DEBTORS else {}
        customer = self.house.call("POST", "/customers", {"number": str(number), "name": "陈佳怡", **exempt}, expect=201)["customer_id"]
        return self.house.call("POST", "/accounts", {
            "customer_id": customer, "device_id": device, "tariff_id": self.tariff, "payment_mode": "prepaid_platform",
            "grace_h": 0}, expect=201)["account_id"]

    def owe(self):
        """Each household has used 10.00 since the day before and has nothing."""
        self.house.stop()
        day = settled_day()
        with self.house.database() as database:
            database.execute("UPDATE account_standing SET settled_day = ?", (day - 1,))
            database.executemany("INSERT INTO daily_reading VALUES (?, ?, 5000000, 5000000, 0, 0, 1000)",
                                 [(day, device) for device in range(1, DEBTORS + 2)])
        self.begin()

    def begin(self):
        self.house.start()
        self.house.sign_in()

    def pay(self, account, key):
        self.house.call("POST", "/payments", {"account_id": account, "amount_fen": 5000, "method": "cash", "key": key}, expect=201)

    def stages(self):
        return [self.house.call("GET", "/accounts/%d" % account, expect=200)["stage"] for account in self.homes]

    def stages_become(self, expected):
        until(self.stages, lambda stages: stages == expected)

    def seconds_pass(self):
        """Due work is done once a second; here it has been, twice."""
        until = time.time() + 2
        while time.time() < until:
            self.house.call("GET", "/session", expect=200)

    def commands(self, operation):
        with self.house.database() as database:
            return [device for device, in database.rows("SELECT device_id FROM command WHERE kind = ? ORDER BY device_id", (operation,))]

    def released(self, batch, login, expect=200):
        self.house.sign_in(login)
        return self.house.call("POST", "/arrears/batches/%d/release" % batch, {"reason": "月末"}, expect=expect)

    def test_from_the_final_notice_to_the_valve_and_back(self):
        waiting = ["final_notice"] * DEBTORS + ["overdraft"]
        self.stages_become(waiting)
        # The hours are right, but today is a holiday: nobody is cut off.
        self.settings(cut_holidays=local_now().date().isoformat(), cut_start_min=0, cut_end_min=1440)
        self.seconds_pass()
        self.assertEqual(self.stages(), waiting)
        self.pay(self.homes[5], "paid-in-time")
        # Changed rules hold at once: one closes by itself, who has paid is let off at the last moment, the exempt is left alone.
        self.settings(cut_holidays="")
        self.stages_become(["cut"] + ["final_notice"] * 4 + ["good", "overdraft"])
        cancelled = self.house.call("GET", "/audit?action=cut_cancelled&limit=20", expect=200)["items"]
        self.assertEqual(len(cancelled), 1)
        batch = self.house.call("POST", "/arrears/batches", {"closings": 50, "reason": "月末"}, expect=201)["batch_id"]
        self.assertEqual(self.released(batch, "admin", expect=409)["error"]["code"], "second_person")
        self.assertEqual(self.stages()[1], "final_notice")
        # Killed as soon as it is released: each valve is asked once, and no more than the day permits.
        self.released(batch, "second")
        self.house.kill()
        self.begin()
        self.stages_become(["cut"] * 4 + ["final_notice", "good", "overdraft"])
        # A payment opens in its own transaction; a kill behind it takes nothing back.
        self.pay(self.homes[0], "paid-after-it")
        self.house.kill()
        self.assertEqual(self.commands("open_valve"), [1])
        self.begin()
        self.assertEqual(self.stages(), ["good"] + ["cut"] * 3 + ["final_notice", "good", "overdraft"])
        self.assertEqual(self.commands("close_valve"), [1, 2, 3, 4])
        self.assertEqual(self.house.call("GET", "/accounts/%d" % self.homes[0], expect=200)["balance_fen"], 4000)
        told = subprocess.run([PROGRAM, "verify", "--data", self.house.data], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stdout)


if __name__ == "__main__":
    unittest.main()
