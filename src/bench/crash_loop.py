#!/usr/bin/env python3
"""Kills the service again and again under load, and checks after each restart what it had acknowledged.

An acknowledged Put must be there, with the right bytes. One without an answer may be there or not; if it is, it is whole. Of
several Puts of one action the last acknowledged one counts, or a later one without an answer. The service never answers
with a 5xx other than 503 and 507. With --damage the disk is damaged after each kill, as a power loss may do: then Puts may
be lost, which is counted, and still nothing wrong may be served. Ends with 1 if anything was wrong.
"""

import argparse
import contextlib
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import bucket_check
import damage
import load
import servers

SETTINGS = {"CACHESERVER_DISK_SCRUBRATE": "200MB"}  # so that it is through with the directory in the end
OLD_SAMPLE = 300  # acknowledged Puts of earlier rounds that are checked after each restart
BUSY = (503, 507)
SHOWN = 20  # complaints


class Known:
    """What is known of one action. Only one client puts it."""

    def __init__(self):
        self.acknowledged = None  # output of the last acknowledged Put
        self.sent = 0  # when that was sent and answered, Unix nanoseconds
        self.answered = 0
        self.unanswered = {}  # outputs of later Puts without an answer, and when they were sent
        self.ever = set()

    def begin(self, output):
        self.unanswered[output] = time.time_ns()
        self.ever.add(output)

    def acknowledge(self, output):
        self.acknowledged, self.sent, self.answered = output, self.unanswered.pop(output), time.time_ns()
        self.unanswered.clear()

    def allowed(self):
        return {self.acknowledged, *self.unanswered} - {None}


class Report:
    """What went wrong, and what is counted; used by all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.complaints, self.counts = [], {}

    def wrong(self, text):
        with self.lock:
            self.complaints.append(text)
            if len(self.complaints) <= SHOWN:
                servers.log("WRONG:", text)

    def count(self, name, number=1):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + number


def make_object(rnd, largest):
    """An object: mostly below 16 KiB, the empty one too; random, text-like or very repetitive."""
    share = rnd.random()
    if share < .02:
        size = rnd.randint(0, 3)
    elif share < .55:
        size = rnd.randint(1, 2_000)
    elif share < .93:
        size = rnd.randint(2_000, 20_000)
    else:
        size = int(20_000 * (largest / 20_000) ** rnd.random())
    kind = rnd.randrange(3)
    if kind == 0:
        return rnd.randbytes(size)
    if kind == 1:
        return rnd.randbytes(size // 2 + 1).hex().encode()[:size]
    return (rnd.randbytes(8) * (size // 8 + 1))[:size]


class Client(threading.Thread):
    """One client with one connection, which puts and gets until the service is killed."""

    def __init__(self, server, known, report, seed, largest, common, decode, damaged):
        super().__init__()
        self.damaged = damaged  # the index may be found damaged under load, and what was in it be gone
        self.server, self.known, self.report = server, known, report
        self.random, self.largest, self.common, self.decode = random.Random(seed), largest, common, decode
        self.name_prefix = f"crash {seed}"
        self.killed = threading.Event()
        self.actions = []

    def run(self):
        try:
            connection = load.Connection(self.server.port)
            while not self.killed.is_set():
                self.once(connection)
        except OSError as e:
            # The service is killed right after this is set; a connection may break before the thread that kills goes on.
            if not self.killed.wait(5):
                self.report.wrong(f"a connection broke while the service ran: {e!r}")
        except Exception as e:  # a thread must not die unseen
            self.report.wrong(f"a client failed: {e!r}")

    def once(self, connection):
        share = self.random.random()
        if share < .25 and self.actions:
            action = self.random.choice(self.actions)
            check(connection, action, self.known[action], self.report, self.damaged, self.random, self.decode)
        elif share < .35 and self.actions:
            self.put(connection, self.random.choice(self.actions), self.new_object())  # another output for it
        elif share < .42:
            self.put(connection, self.new_action(), self.random.choice(self.common))  # as other clients do, too
        elif share < .55:
            self.put_in_two_steps(connection, self.new_action(), self.new_object())
        else:
            self.put(connection, self.new_action(), self.new_object())

    def new_action(self):
        return load.action_id(f"{self.name_prefix} {len(self.actions)}")

    def new_object(self):
        return make_object(self.random, self.largest)

    def put(self, connection, action, data):
        output = load.sha256(data)
        known = self.begin(action, output)
        status = connection.put(action, output, data)
        self.done(known, output, status, f"PUT /{action}/{output}", (204,))

    def put_in_two_steps(self, connection, action, data):
        output = load.sha256(data)
        first = connection.request("PUT", f"/output/{output}", data).status
        if first != 204:
            if first not in BUSY:
                self.report.wrong(f"PUT /output/{output}: {first}")
            return
        known = self.begin(action, output)
        status = connection.request("PUT", f"/action/{action}", b"", [("Go-Output-Id", output)]).status
        self.done(known, output, status, f"PUT /action/{action}", (204, 409))

    def begin(self, action, output):
        if action not in self.known:
            self.known[action] = Known()
            self.actions.append(action)
        self.known[action].begin(output)
        return self.known[action]

    def done(self, known, output, status, request, expected):
        if status == 204:
            known.acknowledge(output)
            self.report.count("puts")
        else:
            known.unanswered.pop(output, None)
            self.report.count(f"puts answered {status}")
            if status not in (*expected, *BUSY):
                self.report.wrong(f"{request}: {status}")


def get(connection, action, rnd, decode):
    """(status, output ID, bytes) by one of the ways to get it."""
    if decode and rnd.random() < .3:
        answer = connection.get(action, [("Accept-Encoding", "zstd")])
        if answer.headers.get("content-encoding") == "zstd":
            data = decode(answer.body, int(answer.headers["x-uncompressed-length"]))
            return answer.status, answer.headers["go-output-id"], data
    else:
        answer = connection.get(action)
    return answer.status, answer.headers.get("go-output-id"), answer.body


def check(connection, action, known, report, damaged, rnd, decode):
    """Gets one action and compares; the output that is there, None, or BUSY if the service did not say."""
    status, output, data = get(connection, action, rnd, decode)
    allowed = known.ever if damaged else known.allowed()
    if status == 200:
        if load.sha256(data) != output:
            report.wrong(f"GET {action}: the bytes are not those of {output}")
        elif output not in allowed:
            report.wrong(f"GET {action}: {output} is not one of {sorted(allowed)}")
        elif rnd.random() < .1:
            by_output = connection.request("GET", f"/output/{output}")
            if by_output.status != 200 and not damaged or by_output.status == 200 and by_output.body != data:
                report.wrong(f"GET /output/{output}: {by_output.status}, {len(by_output.body)} bytes")
        return output
    if status == 404 and known.acknowledged and damaged:
        report.count("lost to damage")
    elif status in BUSY:
        report.count(f"gets answered {status}")
        return BUSY
    elif status != 404 or known.acknowledged:
        report.wrong(f"GET {action}: {status}")
    return None


class Checker:
    """Checks many actions over several connections."""

    def __init__(self, server, known, report, damaged, decode):
        self.server, self.known, self.report, self.damaged, self.decode = server, known, report, damaged, decode

    def check(self, actions, threads=6):
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(self._check_some, [actions[i::threads] for i in range(threads)]))

    def _check_some(self, actions):
        if not actions:
            return
        rnd, connection = random.Random(actions[0]), load.Connection(self.server.port)
        for action in actions:
            connection = self._check_one(connection, action, rnd)
        connection.close()

    def _check_one(self, connection, action, rnd):
        """A damaged object may be noticed only while it is sent: then the connection ends, and the next Get is a miss."""
        known = self.known[action]
        for _ in range(3 if self.damaged else 1):
            try:
                there = check(connection, action, known, self.report, self.damaged, rnd, self.decode)
            except OSError as e:
                failure = e
                self.report.count("answers broken off")
                connection = load.Connection(self.server.port)
                continue
            self._settle(known, there)
            return connection
        self.report.wrong(f"GET {action}: {failure!r}")
        return connection

    def _settle(self, known, there):
        """What a restart has brought back stays."""
        if there is BUSY:
            return
        if there in known.unanswered:
            known.sent, known.answered = known.unanswered[there], time.time_ns()
        known.acknowledged = there if there or self.damaged else known.acknowledged
        known.unanswered.clear()


def kill_while_starting(server, rnd, report):
    server.launch()
    time.sleep(rnd.uniform(0.1, 1.5))
    server.kill()
    report.count("kills during start-up")


def start(server, ready, report):
    ready.append(server.start_ready())
    if os.listdir(f"{server.data}/tmp"):
        report.wrong(f"tmp/ is not empty after the start: {os.listdir(f'{server.data}/tmp')[:5]}")


def garbage(server, report):
    """Blobs that have no row in the index, and so would never be evicted. Those that have one are, in their turn."""
    end = time.time() + 30
    while True:
        with contextlib.closing(sqlite3.connect(f"file:{server.data}/index.db?mode=ro", uri=True)) as index:
            rows = {row[0] for row in index.execute("SELECT lower(hex(output_id)) FROM object WHERE data IS NULL")}
        unused = [path for path in load.walk(f"{server.data}/blobs") if os.path.basename(path).split(".")[0] not in rows]
        if not unused or time.time() > end:
            break
        time.sleep(0.5)
    if unused:
        report.wrong(f"{len(unused)} blobs without a row in the index, such as {unused[:3]}")
    return len(unused)


def run(args, server, bucket, report, ready):
    rnd, known = random.Random(args.seed), {}
    decode = load.zstd_decoder()
    checker = Checker(server, known, report, bool(args.damage), decode)
    common = [make_object(rnd, args.largest) for _ in range(200)]
    start(server, ready, report)
    for number in range(1, args.rounds + 1):
        before = list(known)
        clients = [Client(server, known, report, f"{args.seed} {number} {i}", args.largest, common, decode, bool(args.damage))
                   for i in range(args.clients)]
        old = rnd.sample(before, min(5 * len(clients), len(before)))
        for i, client in enumerate(clients):
            client.actions = old[i::len(clients)]
            client.start()
        time.sleep(rnd.uniform(0.02, args.load_seconds))
        for client in clients:
            client.killed.set()
        server.kill()
        for client in clients:
            client.join(60)
        if args.damage:
            for text in damage.apply(server.data, rnd, args.damage.split(",")):
                report.count(text)
        if rnd.random() < args.start_up_kills:
            kill_while_starting(server, rnd, report)
        start(server, ready, report)
        fresh = [action for client in clients for action in client.actions]
        checker.check(fresh + rnd.sample(before, min(OLD_SAMPLE, len(before))))
        servers.log(f"round {number}: {report.counts.get('puts', 0)} puts, ready in {ready[-1]:.2f} s, "
                    f"{len(report.complaints)} wrong")
        if len(report.complaints) > 200:
            break
    checker.check(list(known))
    if bucket:
        report.count("seconds of the last uploads", round(server.await_uploads(args.drain_seconds), 1))
        expected = {action: (each.ever if args.damage else each.allowed(), each.sent, each.answered)
                    for action, each in known.items() if each.acknowledged}
        if args.damage:
            expected = {action: (outputs, 0, time.time_ns()) for action, (outputs, _, _) in expected.items()}
        for text in bucket_check.check(bucket.folder, expected):
            report.wrong(f"bucket: {text}")
    return known


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--load-seconds", type=float, default=1.5, help="longest time from ready to the kill")
    parser.add_argument("--largest", type=int, default=3 << 20, help="largest object")
    parser.add_argument("--start-up-kills", type=float, default=.15, help="share of rounds with a kill during start-up")
    parser.add_argument("--s3", action="store_true", help="with an S3 tier, whose bucket is checked at the end")
    parser.add_argument("--drain-seconds", type=int, default=900, help="longest wait for the uploads at the end")
    parser.add_argument("--damage", nargs="?", const=",".join(damage.KINDS), help="of " + ",".join(damage.KINDS))
    parser.add_argument("--java-options", default="", help="for the service, separated by blanks")
    args = parser.parse_args()
    report, ready, work = Report(), [], tempfile.mkdtemp(prefix="crash-loop-")
    bucket = servers.Bucket(f"{work}/s3").start() if args.s3 else None
    options = args.java_options.split() + servers.fast_start(f"{work}/program")
    settings = {**SETTINGS, **(bucket.settings() if bucket else {})}
    server = servers.service_process(options, settings, f"{work}/disk")
    os.makedirs(server.data)
    try:
        known = run(args, server, bucket, report, ready)
        unused = garbage(server, report)
        objects = {output: None for each in known.values() for output in each.allowed()}
        usage = load.disk_usage(server.data)
        index = sum(os.path.getsize(path) for path in load.walk(server.data) if "/index.db" in path)
        rows = {"seed": args.seed, "rounds": args.rounds, **report.counts, "actions": len(known),
                "objects": len(objects), "disk MiB, allocated": load.mib(usage.allocated), "index MiB": load.mib(index),
                "files": usage.files, "blobs without a row": unused,
                "ready after s, median": f"{statistics.median(ready):.2f}", "ready after s, most": f"{max(ready):.2f}",
                "wrong": len(report.complaints)}
        print("| what | |\n|---|---|")
        for name, value in rows.items():
            print(f"| {name} | {value} |")
    finally:
        server.end()
        if bucket:
            bucket.end()
    if report.complaints:
        raise SystemExit(f"{len(report.complaints)} wrong; kept: {work}")
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
