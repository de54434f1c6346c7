"""Gates in processes of their own, and what lies between them and a core: a cable that can be cut."""

import contextlib
import copy
import ctypes
import http.client
import http.server
import os
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import threading

from installation import PROGRAM, Installation
from waiting import PATIENCE_S

CLONE_NEWNET = 0x40000000
TRIES = 4  # to find a network that nobody has


class GateProcess:
    """`meterworks gate` of an installation, linked to the cores at `ports` of `host`, or to those of several shards at
    {shard: ports}; a port may be a whole address. Listens for devices on free ports."""

    def __init__(self, house, name, ports, host="127.0.0.1", namespace=None):
        self.house, self.name, self.namespace = house, name, namespace

        def addresses(these):
            return ",".join(port if isinstance(port, str) else "%s:%d" % (host, port) for port in these)

        self.cores = (["%d=%s" % (shard, addresses(these)) for shard, these in ports.items()] if isinstance(ports, dict)
                      else [addresses(ports)])
        self.key = key_file(house, name)
        self.process = None

    def start(self):
        self.errors = open(os.path.join(self.house.folder, "errors"), "ab")
        cores = [word for core in self.cores for word in ("--core", core)]
        command = [PROGRAM, "gate", *cores, "--key", self.key, "--coap", "127.0.0.1:0", "--coaps", "127.0.0.1:0"]
        if self.namespace is not None:
            command = ["ip", "netns", "exec", self.namespace] + command
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        return self

    def await_ports(self):
        """The gate says its ports when a core has taken it on and told it the archive."""
        ports = dict(re.match(r"(\w+)\s+(\d+)", self.process.stdout.readline()).groups() for _ in range(2))
        self.coap_port, self.coaps_port = int(ports["coap"]), int(ports["coaps"])
        return self

    def end(self, number):
        self.process.send_signal(number)
        return self.await_end()

    def await_end(self):
        status = self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        self.process = None
        return status

    def kill(self):
        self.end(signal.SIGKILL)

    def close(self):
        if self.process is not None:
            self.kill()


def twin(house):
    """The same installation on another machine: the same master key and the same database on a server, a folder of its own."""
    other = copy.copy(house)
    other.data, other.process = house.data + "-twin", None
    os.mkdir(other.data, 0o700)
    for name in ("master.key", "store"):
        shutil.copy(os.path.join(house.data, name), other.data)
    return other


class DatabaseServer:
    """A PostgreSQL server for as long as this lives (tests/store/postgres_run): one where there is not one already, or one of its own,
    which can be told what is no good for others. Installations made meanwhile are there."""

    def __init__(self, own=False):
        self.process = None
        self.given = os.environ.get("METERWORKS_TEST_STORE")
        if self.given is not None and not own:
            return
        script = os.path.join(os.path.dirname(__file__), "../store/postgres_run")
        environment = {name: value for name, value in os.environ.items() if name != "METERWORKS_TEST_STORE"}
        self.process = subprocess.Popen([script, "sh", "-c", "echo $METERWORKS_TEST_STORE; echo $METERWORKS_TEST_POSTGRES; cat"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.address, self.control = (self.process.stdout.readline().strip() for _ in range(2))
        os.environ["METERWORKS_TEST_STORE"] = self.address
        self.socket = re.search("host=([^&]+)", self.address)[1] + "/.s.PGSQL.5432"

    def tell(self, word):
        """What tests/store/postgres_run says of METERWORKS_TEST_POSTGRES."""
        subprocess.run([self.control, word], check=True, stdin=subprocess.DEVNULL)

    def close(self):
        if self.process is None:
            return
        if self.given is None:
            del os.environ["METERWORKS_TEST_STORE"]
        else:
            os.environ["METERWORKS_TEST_STORE"] = self.given
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def key_file(house, name, subcommand="gate-key"):
    path = os.path.join(house.folder, name + "." + subcommand)
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        subprocess.run([PROGRAM, subcommand, "--data", house.data, name], stdout=file, check=True)
    return path


def api_key_file(house, name):
    return key_file(house, name, "api-key")


class ApiProcess:
    """`meterworks api` over an installation's database, for the cores whose doors are at `ports`; asked like an installation."""

    call, sign_in, until = Installation.call, Installation.sign_in, Installation.until
    root_area, add_area = Installation.root_area, Installation.add_area
    prefix = ""

    def __init__(self, house, name, ports, host="127.0.0.1", store=None, namespace=None, options=()):
        self.house, self.namespace, self.options = house, namespace, options
        self.cores = ",".join("%s:%d" % (host, port) for port in ports)
        self.store = store or house_store(house)
        self.key = api_key_file(house, name)
        self.process = self.cookie = self.csrf = None

    def start(self):
        self.errors = open(os.path.join(self.house.folder, "errors"), "ab")
        command = [PROGRAM, "api", "--store", self.store, "--core", self.cores, "--key", self.key, "--http", "127.0.0.1:0",
                   *self.options]
        if self.namespace is not None:
            command = ["ip", "netns", "exec", self.namespace] + command
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.http_port = int(self.process.stdout.readline().split()[1])
        return self

    def linked_await(self):
        """Some core is there."""
        self.until("/health", lambda health: health["core"] == "linked")
        return self

    def counter(self, name):
        return next(row["value"] for row in self.call("GET", "/health", expect=200)["counters"] if row["name"] == name)

    kill, stop = Installation.kill, Installation.stop

    def close(self):
        if self.process is not None:
            self.kill()


def house_store(house):
    """Where the installation's database is, for a process without its data folder."""
    try:
        with open(os.path.join(house.data, "store"), encoding="utf-8") as file:
            return file.readline().strip()
    except FileNotFoundError:
        return os.path.join(house.data, "meterworks.db")


class Front:
    """The proxy before the processes of several districts, as nginx would be: every path below a prefix goes to its port as it
    came, all others to the first one's; a port where nobody is gives 502."""

    def __init__(self, ports):
        """ports   {"/d/north": port}; may be changed while it works"""
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def pass_on(self):
                front.pass_on(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = pass_on

        self.ports = ports
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http_port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def port_of(self, path):
        return next((port for prefix, port in self.ports.items() if path == prefix or path.startswith(prefix + "/")),
                    next(iter(self.ports.values())))

    def pass_on(self, asked):
        size = int(asked.headers.get("Content-Length") or 0)
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in ("connection", "host")}
        connection = http.client.HTTPConnection("127.0.0.1", self.port_of(asked.path), timeout=PATIENCE_S)
        try:
            connection.request(asked.command, asked.path, asked.rfile.read(size), headers)
            answer = connection.getresponse()
            body = answer.read()
        except OSError:
            asked.send_error(502)
            return
        finally:
            connection.close()
        asked.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date"):
                asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Cable:
    """Carries TCP connections to a port of this machine, or to a socket with a path. Cut, it keeps them open and carries nothing, as
    a network does whose packets are lost; mended, what waited arrives."""

    def __init__(self, target, host="127.0.0.1"):
        self.target = target
        self.whole = threading.Event()
        self.whole.set()
        self.listener = socket.create_server((host, 0))
        self.port = self.listener.getsockname()[1]
        self.sockets = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                if self.listener.fileno() < 0:
                    return
                continue  # of one connection whose network is gone already: accept(2) tells that here
            # Who went away without a word, half-way in what it said, is found out: servers look so, too.
            for option, value in ((socket.TCP_KEEPIDLE, 2), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 3)):
                near.setsockopt(socket.IPPROTO_TCP, option, value)
            near.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def connect(self):
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target))
        far = socket.socket(socket.AF_UNIX)
        far.connect(self.target)
        return far

    def carry(self, near):
        self.sockets.append(near)
        self.whole.wait()
        try:
            far = self.connect()
        except OSError:
            near.close()
            return
        self.sockets.append(far)
        other = {near: far, far: near}
        with contextlib.suppress(OSError, ValueError):
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    data = ready.recv(65536)
                    self.whole.wait()
                    if not data:
                        raise OSError("ended")
                    other[ready].sendall(data)
        near.close()
        far.close()

    def cut(self):
        self.whole.clear()

    def mend(self):
        self.whole.set()

    def break_off(self):
        """Who speaks through it is told that the line is gone."""
        sockets, self.sockets = self.sockets, []
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.whole.set()
        self.listener.close()
        for each in self.sockets:
            each.close()


class Namespace:
    """A network of its own, as on another machine, joined to this one by a pair of interfaces that can be cut."""

    NUMBERS = 100 * 256

    def __init__(self, name=None):
        self.is_made = name is None
        error = None
        for number in random.sample(range(self.NUMBERS), TRIES):
            self.near, self.far = "mwn%d" % number, "mwf%d" % number
            self.name = name or "mw%d" % number
            network = "10.%d.%d." % (128 + number // 256, number % 256)
            self.host, self.address = network + "1", network + "2"  # here and inside
            try:
                self.make()
                return
            except subprocess.CalledProcessError as taken:  # by another test at the same time, maybe
                error = taken
        raise error

    def make(self):
        if self.is_made:
            run("ip", "netns", "add", self.name)
        try:
            run("ip", "link", "add", self.near, "type", "veth", "peer", "name", self.far, "netns", self.name)
        except subprocess.CalledProcessError:
            if self.is_made:
                run("ip", "netns", "delete", self.name)
            raise
        run("ip", "address", "add", self.host + "/30", "dev", self.near)
        run("ip", "link", "set", self.near, "up")
        self.inside("ip", "address", "add", self.address + "/30", "dev", self.far)
        self.inside("ip", "link", "set", self.far, "up")
        self.inside("ip", "link", "set", "lo", "up")

    def joined_again(self):
        """The same network with one more pair of interfaces, which is cut by itself; to be closed before this one."""
        return Namespace(self.name)

    def inside(self, *command):
        run("ip", "netns", "exec", self.name, *command)

    def cut(self):
        run("ip", "link", "set", self.near, "down")

    def mend(self):
        run("ip", "link", "set", self.near, "up")

    @contextlib.contextmanager
    def entered(self):
        """Sockets that this thread makes meanwhile belong to the namespace."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net", "rb") as home, open("/run/netns/" + self.name, "rb") as away:
            if libc.setns(away.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(home.fileno(), CLONE_NEWNET)

    def close(self):
        run("ip", "link", "delete", self.near)
        if self.is_made:
            run("ip", "netns", "delete", self.name)


def run(*command):
    subprocess.run(command, check=True, stderr=subprocess.PIPE)


def namespace_or_none():
    """None where this machine gives none: not root, no `ip`, or no interface pairs."""
    try:
        return Namespace()
    except (OSError, subprocess.CalledProcessError):
        return None
