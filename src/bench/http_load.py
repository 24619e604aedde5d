#!/usr/bin/env python3
"""CPU per HTTP request of the service and of peers, under wrk on the same machine."""

import argparse
import hashlib
import http.client
import os
import random
import shutil
import statistics
import subprocess
import tempfile

import servers

HERE = os.path.dirname(os.path.abspath(__file__))
LOADS = {"small": 32, "miss": 32, "1m": 8, "64m": 1, "put8k": 32}  # load: connections


def objects(count):
    """(name, size) of objects, in the mix of sizes of a real Go build cache, and some large ones."""
    rnd = random.Random(1)
    for i in range(count):
        share = rnd.random()
        low, high = (64, 1023) if share < .5 else (1024, 10_000) if share < .8 else (10_000, 100_000)
        yield f"small{i}" if high <= 10_000 else f"mid{i}", rnd.randint(low, high)
    for i in range(16):
        yield f"1m{i}", 1 << 20
    yield "64m0", 64 << 20


def body(name, size):
    """Bytes that differ by name and compress about 3:1, as compiled packages do."""
    unit = hashlib.sha256(name.encode()).digest()
    words = [hashlib.sha256(unit + bytes([i])).digest()[:12] for i in range(64)]
    rnd = random.Random(name)
    return (unit + b"".join(rnd.choices(words, k=size // 12 + 1)))[:size]


def seed(server, count, work):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    files = {load: open(f"{work}/{load}", "w") for load in ("small", "1m", "64m")}
    for name, size in objects(count):
        data = body(name, size)
        action = hashlib.sha256(name.encode()).hexdigest()
        connection.request("PUT", f"/{action}/{hashlib.sha256(data).hexdigest()}", data)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 204, (server.name, answer.status)
        kind = name.rstrip("0123456789")
        if kind in files:
            print(f"/action/{action}", file=files[kind])
    for file in files.values():
        file.close()


def put_bodies(work):
    with open(f"{work}/bodies", "wb") as bodies, open(f"{work}/put8k", "w") as ids:
        for i in range(10_000):
            data = body(f"put{i}", 8192)
            bodies.write(data)
            print(hashlib.sha256(data).hexdigest(), file=ids)


def measure(server, load, seconds, work, number, connections=None):
    env = {**os.environ, "SEED": str(number), "BODIES": f"{work}/bodies",
           "PATHS": f"{work}/{'small' if load == 'miss' else load}"}
    env |= {"miss": {"MISS": "1"}, "put8k": {"PUT": "1"}}.get(load, {})
    before = server.cpu_seconds()
    run = subprocess.run(["wrk", "-t1", f"-c{connections or LOADS[load]}", f"-d{seconds}s", "--timeout", "20s", "-s",
                          f"{HERE}/http_load.lua", server.url], env=env, capture_output=True, text=True, check=True)
    cpu = server.cpu_seconds() - before
    requests, micros, p50, p99, errors = map(int, run.stdout.split("RESULT ")[1].split())
    return {"cpu": cpu / requests * 1e6, "rate": requests / micros * 1e6, "p50": p50, "p99": p99,
            "errors": 0 if load == "miss" else errors}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", default=",".join(LOADS))
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-up", type=int, default=15, help="seconds of each load before it is measured")
    parser.add_argument("--java-options", default="", help="for the service, separated by blanks")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed: apt install wrk")
    work = tempfile.mkdtemp(prefix="bench-http-")
    running = [servers.service(args.java_options.split())]
    try:
        if shutil.which("gocached"):
            running.append(servers.gocached())
        put_bodies(work)
        for server in running:
            seed(server, args.objects, work)
            servers.log("seeded", server.name)
        print("| load | server | CPU µs/request | requests/s | p50 µs | p99 µs | errors |\n" + "|---" * 7 + "|")
        for load in args.loads.split(","):
            for server in running:
                measure(server, load, args.warm_up, work, 0)
            results = {server.name: [] for server in running}
            for number in range(1, args.rounds + 1):
                for server in running:
                    results[server.name].append(measure(server, load, args.seconds, work, number))
            for name, runs in results.items():
                middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
                print(f"| {load} | {name} | {middle['cpu']:.1f} | {middle['rate']:.0f} | {middle['p50']:.0f} "
                      f"| {middle['p99']:.0f} | {sum(run['errors'] for run in runs)} |", flush=True)
    finally:
        for server in running:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
