#!/usr/bin/env python3
"""A million entries: what they cost, and what small Gets cost beside eviction, scrub and Puts.

Fills the service (and gocached, where it is installed) over HTTP with entries of the sizes of a real Go build cache, about
4 GB for a million, and takes as long as that takes: some minutes. Then: start, first Get, and small Gets under wrk.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import statistics
import tempfile
import time

import http_load
import load
import servers

SEEDERS = 2
SAMPLE = 100_000  # actions that are asked for
WARM_UP_SECONDS = 15
SMALLEST_LIMIT = 16 << 20  # that the service accepts
NO_LIMIT = {"CACHESERVER_DISK_MAXSIZE": "1TB"}


def seed_part(port, first, end, step):
    for _ in load.put_all(port, load.Entries(), range(first, end, step)):
        pass


def seed(server, count):
    begin, cpu = time.perf_counter(), server.cpu_seconds()
    parts = [multiprocessing.Process(target=seed_part, args=(server.port, i, count, SEEDERS)) for i in range(SEEDERS)]
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    if any(part.exitcode for part in parts):
        raise SystemExit(f"{server.name} could not be filled")
    seconds = time.perf_counter() - begin
    usage = load.disk_usage(server.data)
    index = sum(os.path.getsize(path) for path in load.walk(server.data) if ".db" in os.path.basename(path))
    print(f"| {server.name} | {count / seconds:.0f} | {(server.cpu_seconds() - cpu) / count * 1e6:.0f} "
          f"| {load.mib(usage.allocated)} | {load.mib(usage.apparent)} | {usage.files} | {load.mib(index)} "
          f"| {server.rss_mib():.0f} |", flush=True)


def restart(server, count, rounds=3):
    """Seconds to ready, and of the first Get; server is the service."""
    entries = load.Entries()
    for number in range(rounds):
        server.end()
        ready = server.start_ready(300)
        action, begin = entries.action(number * count // rounds), time.perf_counter()
        status = load.Connection(server.port).get(action).status
        print(f"| start {number + 1} | {ready * 1000:.0f} | {(time.perf_counter() - begin) * 1000:.1f}, {status} "
              f"| {server.rss_mib():.0f} |", flush=True)


def write_sample(count, work):
    entries = load.Entries()
    with open(f"{work}/small", "w") as file:
        for number in random.Random(1).sample(range(count), min(count, SAMPLE)):
            print(f"/action/{entries.action(number)}", file=file)


def put_on(port, name, rate):
    """New entries at a steady rate, until the process is ended."""
    entries, connection, number, begin = load.Entries(name), load.Connection(port), 0, time.perf_counter()
    while True:
        body = entries.object(number)
        connection.put(entries.action(number), load.sha256(body), body)
        number += 1
        time.sleep(max(0, begin + number / rate - time.perf_counter()))


class Beside:
    """Something that goes on while Gets are measured."""

    def __init__(self, server, operation=None, put_rate=0):
        self.server, self.operation = server, operation
        self.putter = put_rate and multiprocessing.Process(
            target=put_on, args=(server.port, f"{operation} {time.time()}", put_rate), daemon=True)

    def __enter__(self):
        if self.operation:
            self.server.maintain(self.operation)
        if self.putter:
            self.putter.start()

    def __exit__(self, *_):
        if self.putter:
            self.putter.terminate()
            self.putter.join()


def gets(server, name, seconds, work, **beside):
    http_load.measure(server, "small", WARM_UP_SECONDS, work, 0)
    runs = []
    for number in (1, 2, 3):
        with Beside(server, **beside):
            runs.append(http_load.measure(server, "small", seconds, work, number))
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    print(f"| {server.name} | {name} | {middle['cpu']:.1f} | {middle['rate']:.0f} | {middle['p50']:.0f} "
          f"| {middle['p99']:.0f} | {sum(run['errors'] for run in runs)} | {server.rss_mib():.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10, help="of each run of Gets")
    parser.add_argument("--put-rate", type=int, default=200, help="Puts a second beside Gets")
    parser.add_argument("--evicted", type=float, default=.1, help="share that a smaller max-size evicts")
    parser.add_argument("--java-options", default="", help="for the service, separated by blanks")
    parser.add_argument("--without-peers", action="store_true")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed: apt install wrk")
    work = tempfile.mkdtemp(prefix="bench-million-")
    service = servers.service_process(args.java_options.split(), NO_LIMIT)
    running = [service.start()]
    try:
        if shutil.which("gocached") and not args.without_peers:
            running.append(servers.gocached())
        print("| server | Puts/s | CPU µs/Put | allocated MiB | content MiB | files | index MiB | RSS MiB |\n"
              + "|---" * 8 + "|")
        for server in running:
            seed(server, args.entries)
        print("\n| service | ready ms | first Get ms, status | RSS MiB |\n|---|---|---|---|")
        restart(service, args.entries)
        write_sample(args.entries, work)
        print("\n| server | small Gets beside | CPU µs/request | requests/s | p50 µs | p99 µs | misses and errors | RSS MiB |\n"
              + "|---" * 8 + "|")
        for server in running:
            gets(server, "nothing", args.seconds, work)
        gets(service, "Puts", args.seconds, work, put_rate=args.put_rate)
        gets(service, "scrub", args.seconds, work, operation="scrub")
        service.end()
        smaller = max(SMALLEST_LIMIT, int(load.disk_usage(service.data).allocated * (1 - args.evicted)))
        service.environment["CACHESERVER_DISK_MAXSIZE"] = f"{smaller}B"
        service.start_ready(300)
        gets(service, "eviction and Puts", args.seconds, work, operation="evict", put_rate=args.put_rate)
        print(f"\nAfter the eviction: {service.metrics().get('gocache_disk_actions', 0):.0f} actions, "
              f"{load.mib(load.disk_usage(service.data).allocated)} MiB")
    finally:
        for server in running:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
