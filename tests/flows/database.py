"""The database of an installation, looked into and changed from outside, whether it is a file or a schema on a PostgreSQL server.

    with house.database() as database:
        database.execute("UPDATE bill SET due_day = ? WHERE bill_id = ?", (day, bill))
        number, = database.row("SELECT count(*) FROM bill")

One text serves both, so it is common SQL: ON CONFLICT instead of OR REPLACE, values as `?` where they are more than numbers.
What is executed is committed at the end of the block, and nothing of it when the block fails."""

import json
import os
import re
import sqlite3
import subprocess

from waiting import PATIENCE_S


def database_open(data):
    """Of the installation in this data folder."""
    place = os.path.join(data, "store")
    if not os.path.exists(place):
        return FileDatabase(os.path.join(data, "meterworks.db"))
    with open(place, encoding="utf-8") as file:
        return ServerDatabase(file.read().strip())


class Database:
    """What both can do with what each does in its own way: `rows`, `execute`, `executemany`, `columns`, `content`."""

    def row(self, text, values=()):
        row, = self.rows(text, values)
        return row

    def number(self, text, values=()):
        """The only column of the only row; what is true is not 0."""
        number, = self.row(text, values)
        return number


class FileDatabase(Database):
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.native = sqlite3.connect("file:%s?mode=rw" % self.path, uri=True, timeout=PATIENCE_S)
        return self

    def __exit__(self, error, *_):
        if error is None:
            self.native.commit()
        self.native.close()

    def rows(self, text, values=()):
        return self.native.execute(text, values).fetchall()

    def execute(self, text, values=()):
        self.native.execute(text, values)

    def executemany(self, text, rows):
        self.native.executemany(text, rows)

    def columns(self, table):
        return [name for name, in self.rows("SELECT name FROM pragma_table_info(?)", (table,))]

    def content(self):
        """All that is stored, as it is stored: where a secret would be found."""
        said = b""
        for name in (self.path, self.path + "-wal"):
            if os.path.exists(name):
                with open(name, "rb") as file:
                    said += file.read()
        return said


class ServerDatabase(Database):
    """By psql, which is there where a server is; Python's own way to a server would be one more package."""

    def __init__(self, address):
        self.address = address

    def __enter__(self):
        self.script = ""
        return self

    def __exit__(self, error, *_):
        if error is None:
            self.send()

    def send(self):
        script, self.script = self.script, ""
        if script:
            self.ask(script)

    def ask(self, script):
        """In one transaction."""
        answer = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-1", "-v", "ON_ERROR_STOP=1", "-f", "-", self.address],
                                input=script.encode(), capture_output=True, check=False,
                                env={**os.environ, "PGCLIENTENCODING": "UTF8"})
        if answer.returncode != 0:
            raise AssertionError("psql: %s\n%s" % (answer.stderr.decode(), script[:2000]))
        return answer.stdout.decode()

    def rows(self, text, values=()):
        self.send()
        answer = self.ask("SELECT row_to_json(answer) FROM (%s) answer;" % filled(text, values))
        return [json.loads(line, object_pairs_hook=lambda pairs: tuple(value for _, value in pairs))
                for line in answer.split("\n") if line]

    def execute(self, text, values=()):
        self.script += filled(text, values) + ";\n"

    def executemany(self, text, rows):
        for values in rows:
            self.execute(text, values)

    def columns(self, table):
        return [name for name, in self.rows("SELECT column_name FROM information_schema.columns WHERE table_name = ?"
                                            " AND table_schema = current_schema() ORDER BY ordinal_position", (table,))]

    def content(self):
        schema = self.row("SELECT current_schema()")[0]
        return subprocess.run(["pg_dump", "--schema", schema, self.address], capture_output=True, check=True).stdout


def filled(text, values):
    """The text with each value in its place. A `?` is never part of a text here."""
    rest = iter(values)
    whole = re.sub(r"\?", lambda _: literal(next(rest)), text)
    if next(rest, None) is not None:
        raise ValueError("more values than places: " + text)
    return whole


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return "'\\x%s'::bytea" % value.hex()
    return str(int(value)) if isinstance(value, int) else "'%s'" % value.replace("'", "''")
