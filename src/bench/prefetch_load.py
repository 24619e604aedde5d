#!/usr/bin/env python3
"""Server CPU of reading all that one build of a program needs: the start of a build, single Gets, and gocached's single Gets.

The entries are those of a GOCACHE directory: given, or filled by building a program. One client, one connection, all bytes
read and none looked at, so the numbers are the servers'. The cases alternate; the first rounds warm the JVM up and do not
count.
"""

import argparse
import base64
import http.client
import json
import shutil
import statistics
import struct
import tempfile
import time

import servers
import store_size


def single_gets(server, found, headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    total = 0
    for action, _, _ in found:
        connection.request("GET", f"/action/{action}", headers={"Want-Object": "1", **headers})
        answer = connection.getresponse()
        total += len(answer.read())
        if answer.status != 200:
            raise SystemExit(f"{server.name}: {answer.status} for {action}")
    connection.close()
    return total


def start_of_build(server, found, headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    body = json.dumps({"build": {"module": "load", "command": ["go", "build"]}})
    connection.request("POST", "/prefetch", body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"start of a build: {answer.status}")
    total, tail = 0, b""
    while piece := answer.read(1 << 18):
        total += len(piece)
        tail = (tail + piece)[-5:]
    if tail != struct.pack(">BI", 0, len(found)):
        raise SystemExit("the answer was cut off")
    connection.close()
    return total


def note(server, found):
    """A build that has used all of them ends."""
    used = struct.pack(">H", 32) + b"".join(b"\1" + bytes.fromhex(action) for action, _, _ in found)
    body = {"build": {"module": "load", "command": ["go", "build"]}, "used": base64.b64encode(used).decode()}
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", "/prefetch/used", json.dumps(body), {"Content-Type": "application/json"})
    if connection.getresponse().status != 200:
        raise SystemExit("the end of the build was refused")
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gocache", help="a GOCACHE directory; default: one that is filled by a build")
    parser.add_argument("--module", help="a module whose packages are built for that")
    parser.add_argument("--program", default="helm", help="which of go_builds.py's programs is built for that")
    parser.add_argument("--max-entries", type=int, default=0, help="only so many")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--warm-up", type=int, default=10)
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix="prefetch-load-")
    started = []
    try:
        found = list(store_size.entries(args.gocache or store_size.build(args, work)))
        if args.max_entries:
            found = found[: args.max_entries]
        service = servers.service()
        started.append(service)
        zstd, plain = {"Accept-Encoding": "zstd"}, {"Accept-Encoding": "identity"}
        cases = [
            ("start of a build, zstd", service, lambda: start_of_build(service, found, zstd)),
            ("start of a build, decoded", service, lambda: start_of_build(service, found, plain)),
            ("single Gets, zstd", service, lambda: single_gets(service, found, zstd)),
            ("single Gets, decoded", service, lambda: single_gets(service, found, plain)),
        ]
        if shutil.which("gocached"):
            gocached = servers.gocached()
            started.append(gocached)
            cases.append(("gocached, single Gets", gocached, lambda: single_gets(gocached, found, plain)))
        for server in started:
            store_size.put(server, found)
        note(service, found)
        results = {name: ([], [], []) for name, _, _ in cases}
        for turn in range(args.warm_up + args.rounds):
            for name, server, run in cases:
                cpu, begin = server.cpu_seconds(), time.perf_counter()
                total = run()
                if turn >= args.warm_up:
                    cpus, walls, sizes = results[name]
                    cpus.append(server.cpu_seconds() - cpu)
                    walls.append(time.perf_counter() - begin)
                    sizes.append(total)
        print(f"{len(found)} entries; medians of {args.rounds}, after {args.warm_up} to warm up")
        for name, (cpus, walls, sizes) in results.items():
            print(f"{name:24} server CPU {statistics.median(cpus):6.3f} s (mean {statistics.mean(cpus):6.3f})"
                  f"  wall {statistics.median(walls):6.3f} s  {sizes[0] / 1e6:8.1f} MB")
    finally:
        for server in started:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
