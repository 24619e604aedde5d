#!/usr/bin/env python3
"""What prefetch does on a fresh runner when things are not as it would have them.

  cold-disk      the service has nothing on disk, everything in S3 (versitygw, --s3-rtt-ms away); beside the same replica
                 when its disk has it all
  wrong-profile  the profile names as many actions as the build has, and not one that it uses; beside no prefetch
  large-profile  the profile is that of a program ten times as large, and --prefetch-max-bytes is 20 MB; beside no prefetch
  crowd          fifty runners at once on one replica, on loopback, each with a JVM of its own; beside go-cacher

All cases of one kind take turns within every round. Before what counts, the service has served builds for another
architecture, so that its code is compiled.
"""

import argparse
import base64
import concurrent.futures
import http.server
import json
import os
import platform
import shutil
import statistics
import struct
import tempfile
import threading
import time
import urllib.request

import go_builds
import programs
import runners
import servers

OTHER = {"GOARCH": "arm64" if platform.machine() == "x86_64" else "amd64"}
NOTED = 1  # in a noted build: the service had it


class Bench:
    """A place for directories, and what was measured, by case."""

    def __init__(self, args, work):
        self.args, self.work, self.costs, self.notes = args, work, {}, {}

    def record(self, case, cost):
        self.costs.setdefault(case, []).append(cost)
        down = f"  {cost.down / 1e6:7.1f} MB" if cost.down is not None else ""
        servers.log(f"  {case:36s} wall {cost.wall:7.3f} s  cpu {cost.cpu:7.3f} s  server {cost.server_cpu:5.2f} s{down}")

    def directory(self):
        return tempfile.mkdtemp(dir=self.work)

    def fresh(self, runner, program):
        cache = self.directory()
        try:
            return runner.build(program, cache)
        finally:
            servers.discard(cache)

    def warm_up(self, runner, program, times):
        """Fresh builds for the other architecture."""
        for _ in range(times):
            self.build(runner, program, **OTHER)

    def build(self, runner, program, **env):
        """A fresh build that does not count."""
        cache = self.directory()
        runners.timed(lambda: program.build(cache, **env, **runner.environment(cache, near=True)))
        servers.discard(cache)

    def print(self):
        print("| case | wall s, median (min to max) | client CPU s | server CPU s | MB down | n |\n" + "|---" * 6 + "|")
        for case, costs in self.costs.items():
            walls = [cost.wall for cost in costs]
            down = [cost.down for cost in costs if cost.down is not None]
            print(f"| {case} | {statistics.median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f}) "
                  f"| {statistics.median(cost.cpu for cost in costs):.2f} "
                  f"| {statistics.median(cost.server_cpu for cost in costs):.2f} "
                  f"| {f'{statistics.median(down) / 1e6:.1f}' if down else ''} | {len(costs)} |")
        for case, note in self.notes.items():
            print(f"{case}: {note}", flush=True)


def cold_disk(bench, program):
    kind = runners.kinds("", None)["adapter"]
    bucket = servers.Bucket().start()
    distant = servers.Relay(bucket, bench.args.s3_rtt_ms)
    settings = {**bucket.settings(), "SPRING_CLOUD_AWS_S3_ENDPOINT": distant.url}
    try:
        filler = servers.service(settings=settings)
        runner = runners.Runner(kind, filler, bench.work)
        bench.fresh(runner, program)
        bench.warm_up(runner, program, 1)
        filler.await_uploads(300)
        filler.stop()  # which waits until the profiles are in the bucket
        for _ in range(bench.args.rounds):
            server = servers.service(settings=settings)
            bench.warm_up(runners.Runner(kind, server, bench.work), program, 3)
            runner = runners.Runner(kind, server, bench.work, bench.args.rtt_ms)
            bench.record("cold-disk: all in S3", bench.fresh(runner, program))
            bench.record("cold-disk: all on disk", bench.fresh(runner, program))
            runner.stop()
            server.stop()
    finally:
        distant.stop()
        bucket.stop()


class Builds:
    """What a service knows of builds."""

    def __init__(self, server):
        self.server = server

    def actions(self, facts):
        """The actions that it expects such a build to use, as bytes."""
        body = self.post("/prefetch?max-bytes=0", {"build": facts})
        length, id_length = struct.unpack(">IH", body[:6])
        return [body[i:i + id_length] for i in range(6, 4 + length, id_length)]

    def note(self, facts, actions):
        used = struct.pack(">H", 32) + b"".join(bytes([NOTED]) + action for action in actions)
        self.post("/prefetch/used", {"build": facts, "used": base64.b64encode(used).decode()})

    def post(self, path, message):
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.server.url + path, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def forget(self):
        self.server.end()
        shutil.rmtree(f"{self.server.data}/profiles")
        self.server.start()


def facts_of(bench, runner, program, **env):
    """What the adapter says at the start of a build of it."""
    said = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.startswith("/prefetch?"):
                said.append(json.loads(body)["build"])
            self.send_error(404)

        def do_GET(self):
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        cache, url = bench.directory(), f"http://127.0.0.1:{listener.server_port}"
        known = {name: value.replace(runner.server.url, url) for name, value in runner.environment(cache, near=True).items()}
        program.build(cache, **env, **known)
        shutil.rmtree(cache, ignore_errors=True)
        listener.shutdown()
    return said[0]


def other_profile(bench, program, larger, case, flags):
    """A program's builds with the profile of another one, beside builds without prefetch."""
    server = servers.service()
    known = runners.kinds(f"--mode read-only {flags}".strip(), None)
    filling = runners.Runner(runners.kinds("", None)["adapter"], server, bench.work)
    try:
        bench.fresh(filling, program)
        facts = facts_of(bench, filling, program)
        wrong = []
        for env in ([OTHER] if larger is program else [OTHER, {}]):
            bench.build(filling, larger, **env)
            wrong += Builds(server).actions(facts_of(bench, filling, larger, **env))
        right = Builds(server).actions(facts)
        if larger is program:
            wrong = [action for action in wrong if action not in set(right)]
        builds = Builds(server)
        builds.forget()
        builds.note(facts, wrong)
        bench.notes[case] = f"{len(right)} actions used, {len(wrong)} in the profile, {len(set(wrong) & set(right))} of both"
        pair = [runners.Runner(known[name], server, bench.work, bench.args.rtt_ms) for name in ("adapter", "no-prefetch")]
        for runner in pair:
            bench.warm_up(runner, program, 2)
        for _ in range(bench.args.rounds):
            for runner in pair:
                bench.record(f"{case}: {runner.kind.name}", bench.fresh(runner, program))
        for runner in pair:
            runner.stop()
    finally:
        server.stop()


def crowd(bench, program):
    known = runners.kinds("", None)
    for name in ("adapter", "go-cacher"):
        if name not in known:
            continue
        server = known[name].start_server()
        try:
            runner = runners.Runner(known[name], server, bench.work)
            bench.fresh(runner, program)
            bench.warm_up(runner, program, 3)
            for _ in range(3):
                bench.record(f"crowd: {name} alone", bench.fresh(runner, program))
            caches = [bench.directory() for _ in range(bench.args.runners)]
            walls, before = [], server.cpu_seconds()
            wall, _ = runners.timed(lambda: all_at_once(runner, program, caches, walls))
            cpu = server.cpu_seconds() - before
            walls.sort()
            bench.notes[f"crowd: {name}, {len(walls)} at once"] = (
                f"{len(walls) / wall:.2f} builds/s; build time median {statistics.median(walls):.1f} s, "
                f"p99 {walls[min(len(walls) - 1, int(len(walls) * 0.99))]:.1f} s; server CPU {cpu / len(walls):.3f} s a build")
        finally:
            server.stop()
            for folder in os.listdir(bench.work):
                if folder.startswith("tmp"):
                    shutil.rmtree(f"{bench.work}/{folder}", ignore_errors=True)


def all_at_once(runner, program, caches, walls):
    with concurrent.futures.ThreadPoolExecutor(len(caches)) as pool:
        walls += pool.map(lambda cache: one_of_many(runner, program, cache), caches)


def one_of_many(runner, program, cache):
    start = time.perf_counter()
    program.build(cache, **runner.environment(cache))
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="cold-disk,wrong-profile,large-profile,crowd")
    parser.add_argument("--program", default="fzf", help="of " + ", ".join(programs.known()))
    parser.add_argument("--larger", default="helm", help="whose profile is the large one")
    parser.add_argument("--rtt-ms", type=float, default=10, help="between runner and service")
    parser.add_argument("--s3-rtt-ms", type=float, default=20, help="between service and S3")
    parser.add_argument("--runners", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", help="folder that keeps the programs' sources for the next time")
    args = parser.parse_args()
    go_builds.adopt_orphans()
    work = tempfile.mkdtemp(prefix="bench-hard-")
    keep = args.keep or tempfile.mkdtemp(prefix="bench-programs-")
    try:
        bench = Bench(args, work)
        program = programs.known()[args.program].prepare(keep)
        for case in args.cases.split(","):
            servers.log(case)
            if case == "cold-disk":
                cold_disk(bench, program)
            elif case == "wrong-profile":
                other_profile(bench, program, program, case, "")
            elif case == "large-profile":
                larger = programs.known()[args.larger].prepare(keep)
                other_profile(bench, program, larger, case, "--prefetch-max-bytes 20MB")
            else:
                crowd(bench, program)
            servers.remove_discarded()
        bench.print()
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not args.keep:
            shutil.rmtree(keep, ignore_errors=True)


if __name__ == "__main__":
    main()
