"""Two districts of one company below one address: a core, a database and an api for each, and a proxy in front. What is signed
in, changed or dead in one is nothing to the other."""

import os
import unittest

from installation import Installation
from machines import ApiProcess, Front
from waiting import until

NAMES = {"north": "城北", "south": "城南"}


class DistrictsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.houses, cls.doors = {}, {}
        for number, (key, name) in enumerate(NAMES.items()):
            house = Installation(shard=number, shard_name=name, beside=cls.houses.get("north"))
            cls.addClassCleanup(house.close)
            house.start("--api-listen", "127.0.0.1:0")
            cls.doors[key] = int(house.process.stdout.readline().split()[1])
            house.sign_in()
            cls.houses[key] = house
        cls.list = os.path.join(cls.houses["north"].folder, "districts")
        with open(cls.list, "w", encoding="utf-8") as file:
            file.writelines("%s %s\n" % row for row in NAMES.items())

    def setUp(self):
        self.apis = {key: self.api(key) for key in NAMES}
        self.front = Front({"/d/" + key: api.http_port for key, api in self.apis.items()})
        self.addCleanup(self.front.close)
        self.north, self.south = (self.through_front(key) for key in NAMES)

    def api(self, key, **more):
        options = ["--districts", self.list, "--district", key]
        api = ApiProcess(self.houses[key], "hall", [self.doors[key]], options=options, **more).start()
        self.addCleanup(api.close)
        return api.linked_await()

    def through_front(self, key):
        """The district as a browser sees it."""
        seen = object.__new__(ApiProcess)
        seen.http_port, seen.prefix, seen.cookie, seen.csrf = self.front.http_port, "/d/" + key, None, None
        return seen

    def test_each_tells_which_it_is(self):
        rows = [{"key": key, "name": name} for key, name in NAMES.items()]
        for number, key in enumerate(NAMES):
            seen = self.through_front(key)
            self.assertEqual(seen.call("GET", "/district", expect=200),
                             {"shard": number, "name": NAMES[key], "key": key, "districts": rows})
            self.assertEqual(self.houses[key].call("GET", "/district", expect=200),
                             {"shard": number, "name": NAMES[key], "key": "", "districts": []})
            for house in (seen, self.houses[key]):
                health = house.call("GET", "/health", expect=200)
                self.assertEqual((health["shard"], health["shard_name"]), (number, NAMES[key]))
                self.assertEqual(health["lease"]["epoch"] > 0, health["lease"]["owner"] != "")  # none over a file
            self.assertEqual(self.houses[key].counted("meterworks_shard"), number)
            self.assertIn('district="%s"' % NAMES[key], self.houses[key].call("GET", "/metrics", expect=200))

    def test_signed_in_in_each_by_itself(self):
        self.north.sign_in()
        self.assertIn("Path=/d/north;", self.north.headers["Set-Cookie"])
        self.south.cookie, self.south.csrf = self.north.cookie, self.north.csrf
        self.south.call("GET", "/session", expect=401)
        self.south.sign_in()
        self.assertIn("Path=/d/south;", self.south.headers["Set-Cookie"])
        before = self.areas(self.north), self.areas(self.south)
        self.north.add_area(self.north.root_area(), "estate", "榕荫花园")
        self.assertEqual((self.areas(self.north), self.areas(self.south)), (before[0] + 1, before[1]))
        self.assertEqual(self.areas(self.houses["north"]), before[0] + 1)
        self.south.call("DELETE", "/session", expect=204)
        self.assertIn("Path=/d/south;", self.south.headers["Set-Cookie"])
        self.south.call("GET", "/session", expect=401)
        self.north.call("GET", "/session", expect=200)

    @staticmethod
    def areas(house):
        return len(house.call("GET", "/areas", expect=200)["items"])

    def test_a_way_to_the_wrong_one(self):
        """A proxy that is set up wrongly is told so; nothing is done in a district that was not meant."""
        api = self.apis["north"]
        api.prefix = "/d/south"
        answer = api.call("POST", "/session", {"login": "admin", "password": "x"}, expect=421)
        self.assertEqual(answer["error"]["code"], "other_district")
        api.call("GET", "/district", expect=421)
        self.houses["north"].prefix = "/d/north"  # this one was started without a list
        self.addCleanup(setattr, self.houses["north"], "prefix", "")
        self.houses["north"].call("GET", "/district", expect=421)

    def test_a_core_is_below_the_address_itself(self):
        """Where nobody needs apis, the proxy leads to the core's own console."""
        house = Installation(shard=1, beside=self.houses["north"])
        self.addCleanup(house.close)
        house.start("--districts", self.list, "--district", "south")
        self.front.ports["/d/south"] = house.http_port
        self.assertEqual(self.south.call("GET", "/district", expect=200)["key"], "south")
        self.south.sign_in()
        self.assertIn("Path=/d/south;", self.south.headers["Set-Cookie"])
        self.south.add_area(self.south.root_area(), "estate", "南湖")
        self.north.call("GET", "/session", expect=401)

    def test_what_a_proxy_says_of_the_prefix(self):
        """A proxy of this machine may have taken it off; nothing but a district's is believed."""
        for said, path in (("/d/north", "/d/north"), ("/d/north; Domain=x", "/"), ("/x", "/"), ("/d/" + "a" * 33, "/")):
            self.houses["north"].call("POST", "/session", {"login": "admin", "password": "wrong"}, headers={"X-Forwarded-Prefix": said})
            self.houses["north"].call("DELETE", "/session", headers={"X-Forwarded-Prefix": said}, expect=204)
            self.assertIn("Path=%s;" % path, self.houses["north"].headers["Set-Cookie"])
            self.houses["north"].sign_in()

    def test_one_is_away(self):
        """Its api: nobody there for the proxy. Its core: reading goes on, changes wait. The other notices nothing."""
        self.north.sign_in()
        self.south.sign_in()
        self.apis["north"].kill()
        self.north.call("GET", "/overview", expect=502)
        self.south.call("GET", "/overview", expect=200)
        self.south.add_area(self.south.root_area(), "estate", "东湖")
        again = self.api("north")
        self.front.ports["/d/north"] = again.http_port
        self.north.call("GET", "/overview", expect=200)
        self.houses["north"].kill()
        try:
            until(lambda: self.north.call("GET", "/health", expect=200)["core"], lambda core: core == "none")
            self.north.call("GET", "/overview", expect=200)
            self.north.call("POST", "/areas", {}, expect=503)
            self.south.add_area(self.south.root_area(), "estate", "西湖")
        finally:
            self.houses["north"].start("--api-listen", "127.0.0.1:%d" % self.doors["north"])
            self.houses["north"].process.stdout.readline()
        again.linked_await()
        self.north.add_area(self.north.root_area(), "estate", "北湖")

    def test_the_core_of_another_district_is_none(self):
        """Reading one district and changing another would be worse than not working."""
        api = ApiProcess(self.houses["north"], "mixed", [self.doors["south"], self.doors["north"]]).start()
        self.addCleanup(api.close)
        api.linked_await()  # to the second one
        self.assertIn("this is the core of shard 1, and --store holds shard 0", self.houses["north"].said())
        self.assertEqual(api.counter("core_linked"), 1)

    def test_a_list_that_is_wrong(self):
        """Said at once, before anything is served."""
        for options in (["--districts", self.list], ["--district", "north"], ["--districts", self.list, "--district", "east"]):
            api = ApiProcess(self.houses["north"], "hall", [self.doors["north"]], options=options)
            with self.assertRaises(IndexError):  # it says no port
                api.start()
            self.assertEqual(api.process.wait(), 1)
            api.process.stdout.close()
            api.errors.close()
        self.assertIn("has no district 'east'", self.houses["north"].said())


if __name__ == "__main__":
    unittest.main()
