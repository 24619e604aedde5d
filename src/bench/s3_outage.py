#!/usr/bin/env python3
"""A long outage of S3, accelerated: many Puts while S3 is away, kill -9 in the middle of it, S3 comes back.

Shows what the backlog costs (heap, index, start) and how fast it is sent afterwards, and checks that all of it is in the
bucket. Ends with 1 if anything is missing or wrong.
"""

import argparse
import os
import shutil
import tempfile
import time

import bucket_check
import load
import servers


class Outage:
    def __init__(self, server, entries):
        self.server, self.entries, self.expected = server, entries, {}

    def put(self, first, end):
        """Seconds that these Puts take."""
        begin = time.perf_counter()
        for number, (action, output) in enumerate(load.put_all(self.server.port, self.entries, range(first, end)), first):
            now = time.time_ns()
            # Sent not long before it was acknowledged; the exact time is the business of crash_loop.py.
            self.expected[action] = ({output}, now - 120 * 10**9, now)
            if number % 5000 == 4999:
                self.state(f"{number + 1} put")
        return time.perf_counter() - begin

    def heap_mib(self):
        return self.server.metrics()["jvm_memory_used_bytes"] / (1 << 20)

    def state(self, what):
        index = sum(os.path.getsize(path) for path in load.walk(self.server.data) if "/index.db" in path)
        print(f"| {what} | {self.server.uploads_pending()} | {self.server.rss_mib():.0f} | {self.heap_mib():.0f} "
              f"| {load.mib(index)} |", flush=True)


def run(args, server, bucket):
    outage = Outage(server, load.Entries("outage"))
    server.start_ready()
    print("| moment | pending | RSS MiB | JVM memory used MiB | index MiB |\n|---|---|---|---|---|")
    outage.state("start")
    bucket.end()
    seconds = outage.put(0, args.entries // 2)
    outage.state("half of them")
    server.kill()
    ready = server.start_ready(120)
    outage.state("after kill -9")
    wrong, pending = [], server.uploads_pending()
    if pending != args.entries // 2:
        wrong.append(f"{args.entries // 2} were pending before kill -9, now it is {pending}")
    seconds += outage.put(args.entries // 2, args.entries)
    outage.state("all of them")
    bucket.start()
    drain = server.await_uploads(args.drain_seconds)
    outage.state("S3 was back")
    wrong += bucket_check.check(bucket.folder, outage.expected)
    for meter in ("gocache_uploads_dropped_total", "gocache_uploads_given_up_total"):
        if count := server.metrics().get(meter):
            wrong.append(f"{meter} {count:.0f}")
    print(f"\n{args.entries} Puts at {args.entries / seconds:.0f}/s while S3 was away; ready {ready:.2f} s after kill -9; "
          f"sent in {drain:.0f} s, {args.entries / drain:.0f}/s; wrong: {len(wrong)}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=200_000, help="at most a million may be pending")
    parser.add_argument("--drain-seconds", type=int, default=3600, help="longest wait for the uploads")
    parser.add_argument("--java-options", default="-Xmx256m", help="for the service, separated by blanks")
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix="s3-outage-")
    bucket = servers.Bucket(f"{work}/s3").start()
    server = servers.service_process(args.java_options.split(), bucket.settings(), f"{work}/disk")
    os.makedirs(server.data)
    try:
        wrong = run(args, server, bucket)
    finally:
        server.end()
        bucket.end()
    for line in wrong[:20]:
        servers.log("WRONG:", line)
    if wrong:
        raise SystemExit(f"{len(wrong)} wrong; kept: {work}")
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
