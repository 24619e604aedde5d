#!/usr/bin/env python3
"""What a Go build cache takes on disk: as plain files, in the service, in gocached.

The entries are those of a GOCACHE directory: given, or filled by building a program of some 1,000 packages, or all packages
of a module.
"""

import argparse
import os
import re
import shutil
import tempfile
import time

import go_builds
import load
import servers

RECORD = re.compile(r"v1 ([0-9a-f]{64}) ([0-9a-f]{64}) +(\d+) +(\d+)\n")
SETTLED_SECONDS = 5


def entries(cache):
    """(action, output, file of the object) of all that is whole in cmd/go's cache."""
    for path in sorted(load.walk(cache)):
        if path.endswith("-a"):
            with open(path) as file:
                record = RECORD.fullmatch(file.read())
            if record:
                output = record[2]
                data = os.path.join(cache, output[:2], f"{output}-d")
                if os.path.exists(data) and os.path.getsize(data) == int(record[3]):
                    yield record[1], output, data


def build(args, work):
    """A directory with all that a build caches."""
    cache = f"{work}/gocache"
    if args.module:
        go_builds.go(args.module, "build", "./...", GOCACHE=cache)
    else:
        folder, package = go_builds.prepare(args.program, work)
        go_builds.go(folder, "build", "-o", "/dev/null", package, GOCACHE=cache)
    return cache


def plain_files(found):
    """Use of the same entries in cmd/go's own form, without what else lies in the directory."""
    paths = {data for _, _, data in found}
    for action, _, data in found:
        paths.add(os.path.join(os.path.dirname(os.path.dirname(data)), action[:2], f"{action}-a"))
    stats = [os.stat(path) for path in paths]
    return load.Usage(sum(s.st_blocks * 512 for s in stats), sum(s.st_size for s in stats), len(stats))


def put(server, found):
    connection = load.Connection(server.port)
    for action, output, path in found:
        with open(path, "rb") as file:
            status = connection.put(action, output, file.read())
        if status != 204:
            raise SystemExit(f"{server.name}: PUT {action}: {status}")
    connection.close()


def settled(server):
    """Use once it has not changed for some seconds."""
    usage, since, end = load.disk_usage(server.data), time.time(), time.time() + 120
    while time.time() - since < SETTLED_SECONDS and time.time() < end:
        time.sleep(0.5)
        now = load.disk_usage(server.data)
        if now != usage:
            usage, since = now, time.time()
    return usage


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gocache", help="a GOCACHE directory with something in it, which is only read")
    parser.add_argument("--module", help="a Go module, whose packages are built")
    parser.add_argument("--program", default="helm", help="otherwise: of " + ", ".join(go_builds.PROGRAMS))
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix="bench-size-")
    try:
        found = list(entries(args.gocache or build(args, work)))
        if not found:
            raise SystemExit("no entries found")
        content = sum(os.path.getsize(path) for path in {data for _, _, data in found})
        print(f"{len(found)} actions, {len({output for _, output, _ in found})} objects of {load.mib(content)} MiB\n")
        print("| store | allocated MiB | content MiB | files | allocated / plain |\n" + "|---" * 5 + "|")
        plain = plain_files(found)
        row("plain files", plain, plain)
        for start in [servers.service] + [servers.gocached] * bool(shutil.which("gocached")):
            server = start()
            try:
                put(server, found)
                row(server.name, settled(server), plain)
                server.end()
                row(f"{server.name}, stopped", load.disk_usage(server.data), plain)
            finally:
                server.stop()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def row(name, usage, plain):
    print(f"| {name} | {load.mib(usage.allocated)} | {load.mib(usage.apparent)} | {usage.files} "
          f"| {usage.allocated / plain.allocated:.2f} |", flush=True)


if __name__ == "__main__":
    main()
