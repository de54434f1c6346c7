"""A phone bound to a customer: what tests of the residents' page share."""

OWN_PASSWORD = "荔枝湾的水很甜2026"


class Phone:
    """A browser on a phone: a cookie of its own, no session of a person."""

    def __init__(self, house):
        self.house, self.cookie, self.csrf = house, None, None

    def call(self, method, path, body=None, expect=None):
        kept = self.house.cookie, self.house.csrf
        self.house.cookie, self.house.csrf = self.cookie, self.csrf
        try:
            return self.house.call(method, path, body, expect)
        finally:
            self.house.cookie, self.house.csrf = kept

    def bind(self, login, password, expect=201, **more):
        answer = self.call("POST", "/resident/bind", {"login": login, "password": password, **more}, expect)
        if "csrf_token" in answer:
            self.csrf = answer["csrf_token"]
            if self.house.headers["Set-Cookie"]:
                self.cookie = self.house.headers["Set-Cookie"].split(";")[0]
        return answer
