"""Every question of the API asked of a server that runs: what each takes of its processor and how long one waits, the dearest last.

usage: question_sweep.py PORT PASSWORD_FILE SERVER_PID [PREFIX]

The API's own description says what there is: each GET, with each value of each filter, for the whole company and for three areas, at
the beginning and deep in the list. PREFIX keeps to paths that begin so. Nothing is changed; a question that takes over two seconds is asked once.
"""
import http.client
import json
import os
import sys
import time
import urllib.parse

LEFT_OUT = ("/resident", "/live", "/decode", "/demo", "/openapi.json")
PLAIN = ("id", "format", "limit", "cursor", "area_id")
TEXTS = {"query": ["1234", "王", "花园", "13800000001"], "days": ["7", "90"], "severity": ["0", "1", "2"], "kind": ["nothing"]}
NEEDED = {"setting": "daily_keep_days", "keep_days": "100", "query": "1234", "quantity": "volume", "amount_fen": "1000"}
DEEP = (0.3, 0.7, 0.99)
TIMES = 3
SLOW_MS = 2000


class Asker:
    def __init__(self, port, password, pid):
        self.pid = pid
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.connection.request("POST", "/api/v1/session", json.dumps({"login": "admin", "password": password}),
                                {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        response.read()
        self.cookie = response.getheader("Set-Cookie").split(";")[0]

    def processor_ms(self):
        return sum(int(open("/proc/%d/task/%s/schedstat" % (self.pid, task), encoding="ascii").read().split()[0])
                   for task in os.listdir("/proc/%d/task" % self.pid)) / 1e6

    def ask(self, path):
        used, begin = self.processor_ms(), time.perf_counter()
        self.connection.request("GET", "/api/v1" + urllib.parse.quote(path, safe="/?=&%"), headers={"Cookie": self.cookie})
        response = self.connection.getresponse()
        body = response.read()
        return self.processor_ms() - used, (time.perf_counter() - begin) * 1000, response.status, body

    def read(self, path):
        return json.loads(self.ask(path)[3])


def choices(field):
    schema = field["schema"]
    if schema.get("enum"):
        return schema["enum"]
    return TEXTS.get(field["name"]) or (["true", "false"] if schema.get("type") == "boolean" else [])


def questions(path, fields, rows, areas):
    """Each question about a path as a dictionary of its fields."""
    today = time.strftime("%Y-%m-%d")
    base = {name: NEEDED.get(name, today if name in ("day", "from", "to") else "1") for name, field in fields.items()
            if field.get("required") and name != "id"}
    yield base
    for name, field in fields.items():
        if name not in PLAIN and name not in base:
            yield from ({**base, name: value} for value in choices(field))
    if "{id}" in path:
        return
    if "area_id" in fields:
        yield from ({**base, "area_id": area} for area in areas)
    if "cursor" in fields:
        yield from ({**base, "cursor": int(rows * part)} for part in DEEP)


def main():
    port, password_file, pid = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    prefix = sys.argv[4] if len(sys.argv) > 4 else "/"
    asker = Asker(port, open(password_file, encoding="utf-8").read().strip(), pid)
    rows = asker.read("/board")["counts"]["total"]
    areas = [area["area_id"] for area in asker.read("/areas?limit=4")["items"]][1:]
    answers = []
    for path, methods in asker.read("/openapi.json")["paths"].items():
        if "get" not in methods or "{key}" in path or not path.startswith(prefix) or path.startswith(LEFT_OUT) or path.endswith((".pdf", ".svg")):
            continue
        fields = {field["name"]: field for field in methods["get"].get("parameters", [])}
        for question in questions(path, fields, rows, areas):
            words = "&".join("%s=%s" % pair for pair in question.items())
            asked = path.replace("{id}", str(rows // 3)) + ("?" + words if words else "")
            times = [asker.ask(asked)]
            while len(times) < TIMES and times[0][1] < SLOW_MS:
                times.append(asker.ask(asked))
            times.sort(key=lambda one: one[0])
            answers.append((*times[len(times) // 2][:3], asked))
    for used, waited, status, asked in sorted(answers):
        print("%8.1f ms processor  %8.1f ms  %d  %s" % (used, waited, status, asked))
    print("%d questions" % len(answers))


main()
