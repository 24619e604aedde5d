#!/usr/bin/env python3
"""Whether all that the cache has is used: Gets, hits and misses of a build on a fresh runner.

In every cell of {round trip to the service} x {where its entries are} x {whether it knows builds} x {how busy the machine is}:

  warm      on the service's disk
  s3        in S3 (versitygw), --s3-rtt-ms away, by a service whose disk is empty
  plugin    as s3, in a bucket as go-cache-plugin writes it: actions and objects, and nothing else
  profile   a build before this one was noted; "none": no build was, or the client does not ask
  busy      four loops that use as much CPU as they get

"unused" are misses beyond those of a native build with a full GOCACHE, which no cache can answer.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

import go_builds
import programs
import runners
import servers

STATS = "--stats-file {cache}.json"


@contextlib.contextmanager
def loops(number):
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for loop in running:
            loop.kill()
            loop.wait()


class Cells:
    """A program, a bucket that has all of its entries, and a service whose disk has them, too."""

    def __init__(self, args, work):
        self.args, self.work = args, work
        self.program = programs.known()[args.program].prepare(args.keep or f"{work}/programs")
        self.bucket = servers.Bucket().start()
        self.warm = servers.service(settings=self.bucket.settings())
        self.first = self.build(self.warm, "adapter", 0)
        # Without an object as large as the program itself, since nothing is linked.
        self.unavoidable = self.build(self.warm, "adapter", 0)["misses"]
        self.warm.await_uploads(300)
        self.plain = servers.Bucket()
        for kind in ("action", "output"):
            shutil.copytree(f"{self.bucket.folder}/{kind}", f"{self.plain.folder}/{kind}")
        self.plain.start()

    def build(self, service, kind, rtt_ms):
        cache = tempfile.mkdtemp(dir=self.work)
        runner = runners.Runner(runners.kinds(STATS, None)[kind], service, self.work, rtt_ms)
        try:
            runner.build(self.program, cache)
            with open(f"{cache}.json") as file:
                return json.loads(file.read().splitlines()[-1])
        finally:
            runner.stop()
            shutil.rmtree(cache, ignore_errors=True)

    @contextlib.contextmanager
    def service(self, place):
        if place == "warm":
            yield self.warm
            return
        distant = servers.Relay(self.plain if place == "plugin" else self.bucket, self.args.s3_rtt_ms)
        service = servers.service(settings={**self.bucket.settings(), "SPRING_CLOUD_AWS_S3_ENDPOINT": distant.url})
        try:
            yield service
        finally:
            service.stop()
            distant.stop()

    def cell(self, place, profile, rtt_ms, busy):
        with self.service(place) as service:
            if profile == "known" and place == "plugin":
                self.build(service, "adapter", 0)  # which is noted; then the disk is emptied
                service.end()
                for name in os.listdir(service.data):
                    if name != "profiles":
                        shutil.rmtree(f"{service.data}/{name}", ignore_errors=True)
                        with contextlib.suppress(OSError):
                            os.remove(f"{service.data}/{name}")
                service.start()
            with loops(4 if busy else 0):
                return self.build(service, "adapter" if profile == "known" else "no-prefetch", rtt_ms)

    def stop(self):
        for server in (self.warm, self.bucket, self.plain):
            server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="fzf", help="of " + ", ".join(programs.known()))
    parser.add_argument("--rtt-ms", default="0,10,50", help="between runner and service")
    parser.add_argument("--s3-rtt-ms", type=float, default=20, help="between service and S3")
    parser.add_argument("--keep", help="folder that keeps the programs' sources for the next time")
    args = parser.parse_args()
    go_builds.adopt_orphans()
    work = tempfile.mkdtemp(prefix="bench-hits-")
    unused = 0
    try:
        cells = Cells(args, work)
        print(f"{args.program}: {cells.first['gets']} Gets in a first build, {cells.unavoidable} of which no cache answers\n\n"
              "| entries | profile | round trip | machine | Gets | hits | unused | s waited | s in all |\n" + "|---" * 9 + "|")
        for place in ("warm", "s3", "plugin"):
            for profile in ("known", "none"):
                for rtt in map(float, args.rtt_ms.split(",")):
                    for busy in (False, True):
                        told = cells.cell(place, profile, rtt, busy)
                        left = told["misses"] - cells.unavoidable
                        unused += left
                        print(f"| {place} | {profile} | {rtt:g} ms | {'busy' if busy else 'idle'} | {told['gets']} "
                              f"| {told['gets'] - told['misses']} | {left} | {told['waitMillis'] / 1000:.2f} "
                              f"| {told['durationMillis'] / 1000:.2f} |", flush=True)
        cells.stop()
        print(f"\nunused in all: {unused}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(unused != 0)


if __name__ == "__main__":
    main()
