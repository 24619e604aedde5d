#!/usr/bin/env python3
"""How long a helper takes from exec to the protocol's first line, and to its end if nothing is asked of it; and its CPU.

Beside `sh -c true`, which is what starting any script costs, and go-cacher. All take turns. The resident's own CPU is not in
its row: it is told below.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

import servers

ADAPTER = f"{servers.ROOT}/target/go-cache-adapter/bin/go-cache-adapter"
CLOSE = b'{"ID":1,"Command":"close"}\n\n'


def run(command, environment, speaks):
    """Milliseconds to the first line (to the end, if it does not speak), to the end, and of CPU."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0)
    if speaks:
        line = process.stdout.readline()
        first = time.perf_counter() - start
        assert b"KnownCommands" in line, line
        process.stdin.write(CLOSE)
        process.stdout.readline()
    # As the Go command does.
    process.stdin.close()
    process.stdout.read()
    process.wait()
    end = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [1000 * t for t in (first if speaks else end, end, cpu)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix="bench-start-")
    socket = f"{work}/socket"
    server = servers.service()
    resident = servers.resident(ADAPTER, socket)
    plain = {**os.environ, "CACHESERVER_RESIDENT": "off"}
    adapter = [ADAPTER, f"--server={server.url}", f"--cache-dir={work}/cache"]
    cases = {"sh -c true": (["sh", "-c", "true"], plain, False), "adapter, own JVM": (adapter, plain, True),
             "adapter, resident": (adapter, {**os.environ, "CACHESERVER_SOCKET": socket}, True)}
    if shutil.which("go-cacher"):
        cases["go-cacher"] = (["go-cacher", f"--cache-dir={work}/other", f"--cache-server={server.url}"], plain, True)
    try:
        results = {name: [] for name in cases}
        cpu = servers.cpu_seconds(resident.pid)
        for number in range(args.rounds + 5):
            for name, case in cases.items():
                figures = run(*case)
                if number >= 5:
                    results[name].append(figures)
        cpu = servers.cpu_seconds(resident.pid) - cpu
        print("| program | first line, ms, median (p90) | end, ms | CPU, ms |\n|---|---|---|---|")
        for name, figures in results.items():
            first, end, used = zip(*figures)
            print(f"| {name} | {statistics.median(first):.1f} ({statistics.quantiles(first, n=10)[-1]:.1f}) "
                  f"| {statistics.median(end):.1f} | {statistics.mean(used):.1f} |")
        print(f"the resident's CPU for each: {1000 * cpu / (args.rounds + 5):.1f} ms")
    finally:
        resident.terminate()
        resident.wait()
        server.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
