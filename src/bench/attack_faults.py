"""What no client does, but what happens: a disk that returns EIO, a clock that is set, S3 that fails now and then."""

import hashlib
import http.client
import os
import random
import struct
import subprocess
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import servers
from attack_tools import SECRETS, Client, hits, put_all

YEAR = 365 * 24 * 3600


class Faults:
    """faulty_libc.c in a service that is not started yet."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="bench-faults-")
        self.control = f"{self.folder}/control"
        self.set()
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", f"{self.folder}/faulty.so",
                        f"{servers.ROOT}/src/bench/faulty_libc.c", "-ldl"], check=True)

    def environment(self):
        return {"LD_PRELOAD": f"{self.folder}/faulty.so", "FAULTY_CONTROL": self.control, "FAULTY_DIRECTORY": "{data}"}

    def set(self, seconds=0, disk=0):
        with open(self.control, "r+b" if os.path.exists(self.control) else "wb") as file:
            file.write(struct.pack("=qq", seconds, disk))


def disk_errors(server, arguments):
    """A third of the time nothing can be written, a third neither written nor read, then all is well."""
    third = max(5, arguments.seconds // 3)
    actions, results = put_all(server, SECRETS["main"], 20, 100_000), []
    for disk, name in ((1, "writes fail"), (2, "reads, too"), (0, "afterwards")):
        server.faults.set(disk=disk)
        time.sleep(third)
        client = Client(server, SECRETS["main"])
        try:
            put = client.put(os.urandom(32).hex(), os.urandom(100_000))
            results.append(f"{name}: Put {put}, hits {hits(server, SECRETS['main'], actions)} of {len(actions)}")
        except OSError as e:
            results.append(f"{name}: {e}")
    return "; ".join(results)


def set_clock(server, arguments):
    """The clock jumps by ten years, back by twenty, and is right again."""
    third = max(5, arguments.seconds // 3)
    actions, results = put_all(server, SECRETS["main"], 20, 100_000), []
    for seconds in (10 * YEAR, -10 * YEAR, 0):
        server.faults.set(seconds=seconds)
        time.sleep(third)
        put = Client(server, SECRETS["main"]).put(os.urandom(32).hex(), os.urandom(100_000))
        with urllib.request.urlopen(f"{server.url}/actuator/health/liveness", timeout=10) as answer:
            year = answer.headers["Date"].split()[3]
        results.append(f"in {year}: Put {put}, hits {hits(server, SECRETS['main'], actions)} of {len(actions)}")
    return "; ".join(results)


class FaultyBucket(ThreadingHTTPServer):
    """In front of an S3 server: answers a tenth of the requests by itself, with 403, 500 or SlowDown."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, bucket):
        self.bucket, self.passed, self.failed, self.faulty = bucket, 0, 0, True
        super().__init__(("127.0.0.1", 0), FaultyAnswer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *words):
        pass  # the service closes connections when it is done

    def settings(self):
        return {**self.bucket.settings(), "SPRING_CLOUD_AWS_S3_ENDPOINT": f"http://127.0.0.1:{self.server_address[1]}"}


class FaultyAnswer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.faulty and random.random() < 0.1:
            self.server.failed += 1
            status, code = random.choice([(403, "AccessDenied"), (500, "InternalError"), (503, "SlowDown")])
            self.send(status, {"Content-Type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode())
            return
        self.server.passed += 1
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.bucket.port, timeout=30)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        data = answer.read()
        kept = {name: value for name, value in answer.getheaders()
                if name.lower() not in ("transfer-encoding", "connection", "content-length")}
        self.send(answer.status, kept, data, answer.getheader("Content-Length"))
        upstream.close()

    def send(self, status, headers, body, length=None):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any


def failing_bucket(server, arguments):
    """Puts, and Gets that only the bucket can answer, while a tenth of S3's answers are failures; then all has to arrive."""
    proxy, end = server.proxy, time.time() + max(arguments.seconds, arguments.s3_seconds)
    client, seen, actions = Client(server, SECRETS["main"], 30), {}, []
    while time.time() < end:
        actions.append(os.urandom(32).hex())
        stored = store(proxy.bucket.folder)
        for kind, request in (("Put", lambda: client.put(actions[-1], os.urandom(20_000))),
                              ("of S3", lambda stored=stored: client.get(stored)), ("miss", lambda: client.get(os.urandom(32).hex()))):
            try:
                answer = f"{kind} {request()}"
            except OSError:
                answer = f"{kind} timed out"
            seen[answer] = seen.get(answer, 0) + 1
        time.sleep(0.02)
    proxy.faulty = False
    admin, begin = Client(server, SECRETS["admin"], 30), time.time()
    while pending(admin) and time.time() - begin < 120:
        time.sleep(0.5)
    arrived = sum(os.path.exists(f"{proxy.bucket.folder}/action/{action[:2]}/{action}") for action in actions)
    return (", ".join(f"{count} × {answer}" for answer, count in sorted(seen.items()))
            + f"; S3 failed {proxy.failed} of {proxy.failed + proxy.passed}; {arrived} of {len(actions)} Puts arrived, the last "
            f"{time.time() - begin:.0f} s later")


def store(folder):
    """Puts an object into the bucket as another replica does; its action."""
    action, data = os.urandom(32).hex(), os.urandom(20_000)
    output = hashlib.sha256(data).hexdigest()
    for path, content in ((f"output/{output[:2]}/{output}", data), (f"action/{action[:2]}/{action}", f"{output} {time.time_ns()}".encode())):
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        with open(f"{folder}/{path}", "wb") as file:
            file.write(content)
    return action


def pending(admin):
    total = 0.0
    for line in admin.request("GET", "/actuator/prometheus")[1].decode().splitlines():
        if line.startswith(("gocache_uploads_queued", "gocache_uploads_running")):
            total += float(line.split()[-1])
    return total
