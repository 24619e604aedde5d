#!/usr/bin/env python3
"""Wall-clock and CPU of real `go build`s, with and without a cache, taking turns.

native cold, native warm: plain GOCACHE, empty and full. For each helper: first (nothing cached anywhere), fresh (an empty
client on a service that has it all: a new CI runner), warm (client and service have it all).
"""

import argparse
import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

import servers

PROGRAMS = {  # name: package, module version
    "fzf": ("github.com/junegunn/fzf", "v0.65.2"),
    "gopls": ("golang.org/x/tools/gopls", "v0.20.0"),
    "helm": ("helm.sh/helm/v4/cmd/helm", "v4.3.1"),
}
ADAPTER = f"{servers.ROOT}/target/go-cache-adapter/bin/go-cache-adapter"


def go(folder, *words, **env):
    run = subprocess.run(["go", *words], cwd=folder, capture_output=True, text=True,
                         env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", **env})
    if run.returncode or (run.stderr.strip() and words[0] == "build"):
        raise SystemExit(f"go {' '.join(words)}: {run.stderr[-2000:]}")


def prepare(name, work):
    package, version = PROGRAMS[name]
    folder = f"{work}/{name}"
    os.makedirs(folder)
    go(folder, "mod", "init", f"bench/{name}")
    go(folder, "get", f"{package}@{version}")
    go(folder, "list", "-deps", package)
    return folder, package


def adopt_orphans():
    """Makes helpers, which the Go command does not wait for, children of this process, so that their CPU is counted."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def await_orphan():
    end = time.time() + 5
    while time.time() < end:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            return
        time.sleep(0.005)


class Builder:
    def __init__(self, folder, package, work):
        self.folder, self.package, self.work = folder, package, work

    def fresh_directory(self):
        return tempfile.mkdtemp(dir=self.work)

    def build(self, cache, helper=None):
        """(wall, cpu) in seconds; cpu is that of the Go command, the compilers and the helper."""
        extra = {"GOCACHEPROG": helper} if helper else {}
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        go(self.folder, "build", "-o", "/dev/null", self.package, GOCACHE=cache, GOPROXY="off", **extra)
        wall = time.perf_counter() - start
        if helper:
            await_orphan()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def helpers():
    yield "adapter", servers.service, ADAPTER + " --server {url} --cache-dir {cache}"
    if shutil.which("gocached") and shutil.which("go-cacher"):
        yield "go-cacher", servers.gocached, "go-cacher --cache-dir={cache} --cache-server={url}"


def measure(builder, rounds, firsts, results):
    def record(case, value):
        results.setdefault(case, []).append(value)
        servers.log(f"  {case:18s} wall {value[0]:7.3f} s  cpu {value[1]:7.3f} s")

    warm_native = builder.fresh_directory()
    warm = {}
    for number in range(firsts):
        record("native cold", builder.build(warm_native if number == 0 else builder.fresh_directory()))
        for name, start, command in helpers():
            server = start()
            cache = builder.fresh_directory()
            record(f"{name} first", builder.build(cache, command.format(url=server.url, cache=cache)))
            if name in warm:
                server.stop()
            else:
                warm[name] = (server, cache, command)
    for _ in range(rounds):
        record("native warm", builder.build(warm_native))
        for name, (server, cache, command) in warm.items():
            empty = builder.fresh_directory()
            record(f"{name} fresh", builder.build(empty, command.format(url=server.url, cache=empty)))
            record(f"{name} warm", builder.build(cache, command.format(url=server.url, cache=cache)))
            shutil.rmtree(empty)
    for server, _, _ in warm.values():
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", default="fzf", help="of " + ", ".join(PROGRAMS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--firsts", type=int, default=1, help="how often the builds from nothing are repeated")
    args = parser.parse_args()
    adopt_orphans()
    work = tempfile.mkdtemp(prefix="bench-go-")
    try:
        print("| program | case | wall s, median (min to max) | CPU s | n |\n" + "|---" * 5 + "|")
        for name in args.programs.split(","):
            servers.log(name)
            results = {}
            measure(Builder(*prepare(name, work), work), args.rounds, args.firsts, results)
            for case, values in results.items():
                walls = [wall for wall, _ in values]
                print(f"| {name} | {case} | {statistics.median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f}) "
                      f"| {statistics.median(cpu for _, cpu in values):.2f} | {len(values)} |", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
