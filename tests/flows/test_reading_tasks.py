"""Reading tasks through a concentrator: an area with progress, one meter read between, cancelling, reasons, a restart."""

import time
import unittest

from reading_peer import Concentrator
from installation import Installation
from waiting import PATIENCE_S, until

METERS = 24


class ReadingTasksTest(unittest.TestCase):
    number = 0

    def setUp(self):
        self.house = Installation().start()
        self.addCleanup(self.house.close)
        self.house.sign_in()
        self.building = self.house.add_building()
        self.line = self.house.call("POST", "/concentrators", {"area_id": self.building, "address": "440300001"},
                                    expect=201)["device_id"]
        self.meters = [self.meter_add(point) for point in range(1, METERS + 1)]
        self.peer = None

    def meter_add(self, point, **more):
        answer = self.house.call("POST", "/devices", {
            **more, "area_id": self.building, "parent_device_id": self.line, "meter_number": "2026%08d" % point,
            "measurement_point": point, "kind": "cold_water", "profile": "cjt188-cold-water", "room": "%d" % point,
            "start_register_value": 0}, expect=201)
        return answer["device_id"]

    def dial(self, values=None):
        self.peer = Concentrator(self.house.lines_port, 1, values if values is not None else
                                 {point: 100 * point for point in range(1, METERS + 1)})
        self.addCleanup(self.peer.close)
        until(lambda: self.house.call("GET", "/reading-load")["lines_online"] == 1)

    def task(self, **body):
        return self.house.call("POST", "/reading-tasks", body, expect=201)

    def task_now(self, task_id):
        return self.house.call("GET", "/reading-tasks/%d" % task_id, expect=200)

    def items(self, task_id, **query):
        text = "&".join("%s=%s" % pair for pair in query.items())
        return self.house.call("GET", "/reading-tasks/%d/items?limit=200&%s" % (task_id, text), expect=200)["items"]

    def ended(self, task_id):
        return until(lambda: (lambda row: row if row["state"] != "open" else None)(self.task_now(task_id)))

    def test_an_area_is_read_completely(self):
        reach = self.house.call("POST", "/reading-tasks", {"area_id": self.building, "what": "current", "preview": True},
                                expect=200)["reach"]
        self.assertEqual(reach, {"total": METERS, "now": 0, "offline": METERS, "asleep": 0, "unreachable": 0})
        self.dial()
        task = self.task(area_id=self.building, what="current")
        self.assertEqual(task["reach"]["now"], METERS)
        row = self.ended(task["task_id"])
        self.assertEqual((row["state"], row["done"], row["failed"], row["left"]), ("done", METERS, 0, 0))
        items = self.items(task["task_id"], state="done")
        self.assertEqual([item["register_value"] for item in items],
                         [point * 10000 for point in range(1, METERS + 1)])
        table = self.house.call("GET", "/reading-tasks/%d/items?format=csv" % task["task_id"], expect=200)
        self.assertEqual(table.count("done"), METERS)
        audit = self.house.call("GET", "/audit", expect=200)["items"]
        self.assertIn("reading_task.create", [entry["action"] for entry in audit])

    def test_one_meter_is_answered_while_all_are_read(self):
        self.dial()
        self.peer.hold()
        full = self.task(area_id=self.building, what="current")
        self.peer.asked.get(timeout=PATIENCE_S)
        one = self.house.call("POST", "/devices/%d/read" % self.meters[-1], {}, expect=201)
        self.assertEqual(one["priority"], "high")
        until(lambda: self.items(one["task_id"], state="asked"))
        # The request under way is answered, then the one meter's turn has come.
        self.peer.allow()
        self.assertEqual(self.peer.asked.get(timeout=PATIENCE_S), [METERS])
        self.peer.allow()
        self.assertEqual(self.ended(one["task_id"])["done"], 1)
        row = self.task_now(full["task_id"])
        self.assertEqual(row["state"], "open")
        until(lambda: self.task_now(full["task_id"])["done"] > 0)
        self.assertIsNotNone(self.task_now(full["task_id"])["expected_s"])
        self.peer.go_on()
        self.assertEqual(self.ended(full["task_id"])["done"], METERS)

    def test_what_is_cancelled_ends(self):
        self.dial()
        self.peer.hold()
        task = self.task(area_id=self.building, what="current", priority="low")
        self.peer.asked.get(timeout=PATIENCE_S)
        row = self.house.call("POST", "/reading-tasks/%d/cancel" % task["task_id"], {"reason": "wrong area"}, expect=200)
        self.assertEqual(row["state"], "cancelled")
        self.peer.go_on()
        until(lambda: self.house.call("GET", "/reading-load")["orders"] == 0)
        self.assertEqual(len(self.items(task["task_id"], state="cancelled")), METERS)
        self.house.call("POST", "/reading-tasks/%d/cancel" % task["task_id"], {}, expect=409)
        # The line is free for the next.
        self.assertEqual(self.ended(self.task(area_id=self.building, what="current")["task_id"])["done"], METERS)

    def test_who_failed_is_told_with_the_reason(self):
        self.dial({point: 100 * point for point in range(1, METERS + 1) if point not in (3, 7)})
        task = self.task(area_id=self.building, what="current")
        row = self.ended(task["task_id"])
        self.assertEqual((row["done"], row["failed"]), (METERS - 2, 2))
        failed = self.items(task["task_id"], state="failed")
        self.assertEqual([item["device_id"] for item in failed], [self.meters[2], self.meters[6]])
        # First the concentrator's own data, then the meter through it.
        self.assertEqual({item["route"] for item in failed}, {"meter"})
        self.assertEqual({item["tries"] for item in failed}, {2})
        for item in failed:
            self.assertNotIn(item["reason"], (None, "", "unknown"))

    def test_a_killed_server_goes_on_where_it_was(self):
        self.dial()
        self.peer.hold()
        task = self.task(area_id=self.building, what="current")
        self.peer.asked.get(timeout=PATIENCE_S)
        self.peer.allow()
        until(lambda: self.task_now(task["task_id"])["done"] > 0)
        done = self.task_now(task["task_id"])["done"]
        self.house.kill()
        self.peer.close()
        self.house.start()
        self.assertEqual(self.task_now(task["task_id"])["state"], "open")
        self.dial()
        row = self.ended(task["task_id"])
        self.assertEqual((row["done"], row["failed"]), (METERS, 0))
        asked = [point for points in list(self.peer.asked.queue) for point in points]
        self.assertLessEqual(len(asked), METERS - done)

    def test_a_plan_reads_by_itself(self):
        plan = self.house.call("POST", "/reading-plans", {"name": "每分钟", "area_id": self.building, "what": "current",
                                                          "unit": "minute", "every": 1}, expect=201)
        self.dial()
        until(lambda: self.house.call("GET", "/reading-plans/%d" % plan["plan_id"])["last_run"]["done"] == METERS)
        self.house.call("DELETE", "/reading-plans/%d" % plan["plan_id"], expect=200)


class CompletenessTest(ReadingTasksTest):
    """Meters that hang there for three days: what they owe is asked for without anybody's word."""

    def meter_add(self, point):
        return super().meter_add(point, installed_s=int(time.time()) - 3 * 86400)

    def missing(self, **query):
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 28800 - 86400))
        text = "&".join("%s=%s" % pair for pair in query.items())
        return self.house.call("GET", "/completeness/missing?limit=200&day=%s&%s" % (day, text), expect=200)["items"]

    def test_what_is_missing_is_read_and_who_is_missing_is_told(self):
        rows = self.missing()
        self.assertEqual(len(rows), METERS)
        self.assertEqual({row["reason"] for row in rows}, {"line_offline"})
        self.dial({point: 100 * point for point in range(1, METERS + 1) if point != 3})
        until(lambda: [row["device_id"] for row in self.missing()] == [self.meters[2]] and
                  self.missing()[0]["reason"] in ("failed", "given_up"))
        self.assertNotIn(self.missing()[0]["problem"], (None, "", "unknown"))
        self.assertEqual(self.missing(reason="line_offline"), [])
        rows = self.house.call("GET", "/completeness?group=concentrator&days=3&kind=cold_water", expect=200)["items"]
        self.assertEqual(len(rows), 1)
        self.assertEqual(len(rows[0]["days"]), 3)
        self.assertEqual(rows[0]["days"][1]["received"], METERS - 1)
        self.assertEqual(rows[0]["days"][1]["due"], METERS)
        # A person insists: only the one that is missing is in the task, and it fails with its reason again.
        day = rows[0]["days"][1]["day"]
        task = self.house.call("POST", "/completeness/reread", {"from_day": day, "to_day": day}, expect=201)
        self.assertEqual(task["total"], 1)
        self.assertEqual(self.ended(task["task_id"])["failed"], 1)


def load_tests(loader, tests, pattern):
    """The tests of tasks once: the second class only adds its own."""
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(ReadingTasksTest))
    suite.addTest(CompletenessTest("test_what_is_missing_is_read_and_who_is_missing_is_told"))
    return suite


if __name__ == "__main__":
    unittest.main()
