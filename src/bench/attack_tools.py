"""What all attacks have in common: a service as its image runs it, tokens, raw requests, and those who use it meanwhile."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time

import servers

JSON = {"Content-Type": "application/json"}
MIB = 1 << 20
TIMEOUT = 5  # seconds after which others have timed out
SECRETS = {name: f"{name}-0123456789-0123456789-0123456789" for name in ("main", "laptop", "other", "pull", "admin")}
SESSION_SECRET = "attack-0123456789-0123456789-0123456789"
ISSUER = "https://ci.invalid"


def settings():
    """Static tokens: main writes what all read, laptop and other read, pull writes to pr-7. The issuer's write to branch-{ref}."""
    access = {"main": "read-write", "laptop": "read", "other": "read", "pull": "read-write", "admin": "admin"}
    values = {"CACHESERVER_AUTH_SESSION_SECRET": SESSION_SECRET,
              "CACHESERVER_AUTH_ISSUERS_CI_URI": ISSUER, "CACHESERVER_AUTH_ISSUERS_CI_AUDIENCE": "cache",
              "CACHESERVER_AUTH_RULES_0_ISSUER": "ci", "CACHESERVER_AUTH_RULES_0_NAMESPACE": "branch-{{ref}}",  # braces are doubled for Server
              "CACHESERVER_AUTH_RULES_0_WHEN_0": "sub=attacker", "CACHESERVER_AUTH_RULES_0_ACCESS": "read-write",
              "SERVER_ADDRESS": "127.0.0.1"}
    for i, (name, secret) in enumerate(SECRETS.items()):
        values |= {f"CACHESERVER_AUTH_TOKENS_{i}_NAME": name, f"CACHESERVER_AUTH_TOKENS_{i}_SECRET": secret,
                   f"CACHESERVER_AUTH_TOKENS_{i}_ACCESS": access[name]}
        if name == "pull":
            values[f"CACHESERVER_AUTH_TOKENS_{i}_NAMESPACE"] = "pr-7"
    return values


def session(ref):
    """A token as /auth/exchange-token gives it, which needs no issuer here, since its secret is known."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part({"alg": "HS256", "typ": "go-cache-session+jwt"}) + b"." + part(
        {"iss": "go-cache-server", "exp": int(time.time()) + 3600, "issuer_name": "ci", "issuer_uri": ISSUER,
         "claims": {"sub": "attacker", "ref": ref}})
    signature = hmac.digest(SESSION_SECRET.encode(), signed, "sha256")
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def image_options(jar):
    """The image's JVM options, with its heap in a container of 512 MiB, less those that name files of the image."""
    lines = open(f"{servers.ROOT}/src/main/image/java.options").read().split()
    kept = [line for line in lines if not re.search("AOTCache|/app/|sqlite.lib.name|MaxRAMPercentage", line)]
    return [*kept, "-Xmx256m", "-jar", jar]


def jcmd(server, *words):
    return subprocess.run([os.path.dirname(servers.java()) + "/jcmd", str(server.process.pid), *words],
                          capture_output=True, text=True, timeout=30).stdout


def heap_mib(server):
    """What is used of the heap; None if the JVM does not say."""
    try:
        text = jcmd(server, "GC.heap_info")
    except subprocess.TimeoutExpired:
        return None
    used = re.findall(r"(?:DefNew|new generation|Tenured|tenured generation)\s+total \d+K, used (\d+)K", text)
    return sum(map(int, used)) / 1024 if used else None


def thread_count(server):
    try:
        return int(re.search(r"Threads:\s+(\d+)", open(f"/proc/{server.process.pid}/status").read())[1])
    except (OSError, TypeError):
        return 0


class Client:
    """One connection that is kept, and opened again when that fails."""

    def __init__(self, server, token=None, timeout=TIMEOUT):
        self.server, self.token, self.timeout, self.connection = server, token, timeout, None

    def request(self, method, path, body=None, headers=None):
        """Status and body."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=self.timeout)
        try:
            known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            self.connection.request(method, path, body, {**known, **(headers or {})})
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def put(self, action, data):
        return self.request("PUT", f"/{action}/{hashlib.sha256(data).hexdigest()}", data)[0]

    def get(self, action):
        return self.request("GET", f"/action/{action}", headers={"Want-Object": "1"})[0]


def put_all(server, token, count, size):
    """Puts so many objects; their actions."""
    client, actions = Client(server, token, 60), []
    for _ in range(count):
        actions.append(os.urandom(32).hex())
        status = client.put(actions[-1], os.urandom(size))
        assert status == 204, f"Put: {status}"
    return actions


def hits(server, token, actions):
    client = Client(server, token, 60)
    return sum(client.get(action) == 200 for action in actions)


class Fares:
    """How requests of one kind fared."""

    def __init__(self):
        self.answered, self.refused, self.timed_out, self.slowest = 0, 0, 0, 0.0

    def one(self, request, good):
        begin = time.perf_counter()
        try:
            status = request()
            self.answered += status in good
            self.refused += status not in good
        except (OSError, http.client.HTTPException):
            self.timed_out += 1
        self.slowest = max(self.slowest, time.perf_counter() - begin)

    def __str__(self):
        return f"{self.answered} / {self.refused} / {self.timed_out}, {self.slowest:.1f} s"


class Others:
    """Those who use the service while it is attacked: an ordinary client, which gets and puts, and a probe; and what the service
    takes meanwhile."""

    def __init__(self, server):
        self.server = server
        self.actions = put_all(server, SECRETS["main"], 20, 8000)
        self.client, self.probe = Fares(), Fares()
        self.heap, self.threads = 0, 0
        self.ended = threading.Event()
        self.workers = [threading.Thread(target=work, daemon=True)
                        for work in (self.use, self.look, self.watch)]

    def __enter__(self):
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for worker in self.workers:
            worker.join(60)

    def use(self):
        client, turn = Client(self.server, SECRETS["main"]), 0
        while not self.ended.wait(0.1):
            action = self.actions[turn % len(self.actions)]
            if turn % 10:
                self.client.one(lambda action=action: client.get(action), (200,))
            else:
                self.client.one(lambda: client.put(os.urandom(32).hex(), os.urandom(8000)), (204,))
            turn += 1

    def look(self):
        while not self.ended.wait(0.5):
            client = Client(self.server)
            self.probe.one(lambda client=client: client.request("GET", "/actuator/health/liveness")[0], (200,))
            client.close()

    def watch(self):
        while not self.ended.wait(1):
            self.threads = max(self.threads, thread_count(self.server))
            if self.server.process.poll() is None:
                self.heap = max(self.heap, heap_mib(self.server) or 0)


class Crowd:
    """Many raw connections that are served by one thread."""

    def __init__(self, server, count, first):
        """first: bytes that connection number i sends at once. No further ones are tried after one that nobody accepts."""
        self.sockets, self.wanted = [], count
        for i in range(count):
            try:
                s = socket.create_connection(("127.0.0.1", server.port), TIMEOUT)
            except TimeoutError:
                break
            try:
                s.sendall(first(i))
                s.setblocking(False)
                self.sockets.append(s)
            except OSError:
                s.close()

    def drip(self, data, seconds):
        """Sends this on each every second; how many of them the service has closed after two seconds, and at the end."""
        closed_soon, end, begin = 0, time.time() + seconds, time.time()
        while time.time() < end:
            for s in list(self.sockets):
                if self.is_closed(s, data):
                    self.sockets.remove(s)
                    s.close()
                    closed_soon += time.time() - begin < 2.5
            time.sleep(max(0.0, min(1.0, end - time.time())))
        return closed_soon, len(self.sockets)

    @staticmethod
    def is_closed(s, data):
        try:
            while True:
                if not s.recv(65536):
                    return True
        except BlockingIOError:
            pass
        except OSError:
            return True
        try:
            s.send(data)
        except BlockingIOError:
            pass
        except OSError:
            return True
        return False

    def close(self):
        for s in self.sockets:
            s.close()


def head(method, path, length, token=None):
    known = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: cache\r\n{known}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()


def end_of_build(module, used):
    """The body of POST /prefetch/used."""
    return json.dumps({"build": {"module": module}, "used": base64.b64encode(used).decode()}).encode()
