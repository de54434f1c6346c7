"""What the API says of itself is what it does: every route of openapi.json, asked as anybody and as each role."""

import pathlib
import re
import unittest

from installation import PASSWORD, Installation
from open_client import OpenClient

ROLES = ("viewer", "clerk", "operator")
DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs"
NOT_OF_THIS_API = {"water-meter-protocol.md", "postgresql-ha.md"}  # of LwM2M and of Patroni
SHOWN = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (?:/api/v1)?(/[^\s`?#,;]*)")


class DescriptionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        root = cls.house.root_area()
        for role in ROLES:
            cls.house.call("POST", "/people", {"login": role, "display_name": role, "role": role, "area_id": root,
                                               "password": PASSWORD}, expect=201)
        cls.paths = cls.house.call("GET", "/openapi.json", expect=200)["paths"]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def operations(self):
        for path, methods in self.paths.items():
            for method, operation in methods.items():
                yield method.upper(), path.replace("{id}", "1").replace("{key}", "cut_limit_per_run"), operation

    def test_every_operation_has_a_name_of_its_own_and_words_in_both_languages(self):
        names = [operation["operationId"] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreater(len(names), 60)
        for _, path, operation in self.operations():
            self.assertTrue(operation["summary"] and operation["x-summary-zh"], path)

    def test_every_call_that_a_page_shows_is_there(self):
        known = {(method.upper(), re.sub(r"\{\w+\}", "{}", path)) for path, methods in self.paths.items() for method in methods}
        shown = [(page.name, method, re.sub(r"\{\w+\}|\d+", "{}", path.rstrip("."))) for page in sorted(DOCS.glob("*.md"))
                 if page.name not in NOT_OF_THIS_API for method, path in SHOWN.findall(page.read_text(encoding="utf-8"))]
        self.assertEqual([each for each in shown if each[1:] not in known], [])
        self.assertGreater(len(shown), 60)

    def test_strangers_get_nothing_but_what_is_public(self):
        self.house.cookie = None
        for method, path, operation in self.operations():
            if operation.get("security") == [] or "x-interface" in operation:
                continue
            answer = self.house.call(method, path, {} if method != "GET" else None, expect=401)
            self.assertEqual(answer["error"]["code"], "signed_out", path)

    def test_the_open_interfaces_are_described_and_admit_nobody_without_a_token(self):
        found = {}
        for method, path, operation in self.operations():
            if "x-interface" in operation:
                found[operation["x-interface"]] = path
                self.assertEqual((method, operation["servers"]), ("POST", [{"url": "/open/v1"}]))
                self.assertEqual(OpenClient(self.house.http_port, "0" * 64).call(path, "token_unknown"), None)
        self.assertEqual(sorted(found), list(range(1, 12)))

    def test_each_role_gets_what_its_permissions_say(self):
        for role in ROLES:
            person = self.house.sign_in(role)["person"]
            for method, path, operation in self.operations():
                permission = operation.get("x-permission")
                if permission is None or path == "/live" or (method, path) == ("DELETE", "/session"):
                    continue
                self.house.call(method, path, {} if method != "GET" else None)
                allowed = permission in person["permissions"]
                with self.subTest(role=role, method=method, path=path):
                    self.assertEqual(self.house.status != 403, allowed)
        self.house.sign_in()

    def test_lists_answer_as_lists(self):
        self.house.sign_in()
        for path in ("/devices", "/customers", "/accounts", "/bills", "/payments", "/commands", "/events", "/notices",
                     "/arrears", "/people", "/audit", "/tariffs", "/set-aside", "/ledger/transfers"):
            answer = self.house.call("GET", path + "?limit=20", expect=200)
            self.assertEqual(set(answer), {"items", "next", "count", "count_exact"}, path)


if __name__ == "__main__":
    unittest.main()
