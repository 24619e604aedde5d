#!/usr/bin/env python3
"""Wall-clock and CPU of real `go build`s, with and without a cache, taking turns.

native cold, native warm: plain GOCACHE, empty and full. For each helper: first (nothing cached anywhere), fresh (an empty
client on a service that has it all: a new CI runner), warm (client and service have it all). "adapter" runs a JVM for each
build, "resident" one for all. Servers and residents have served one build before, of the same program for another
architecture by a Go command in another place, of which they can use nothing: as those that a team has, they do not start
with the build.
"""

import argparse
import ctypes
import os
import platform
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


def go(folder, *words, command="go", **env):
    run = subprocess.run([command, *words], cwd=folder, capture_output=True, text=True,
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
        self.other_root = f"{work}/other-goroot"
        if not os.path.exists(self.other_root):
            shutil.copytree(subprocess.check_output(["go", "env", "GOROOT"], text=True).strip(), self.other_root,
                            symlinks=True)

    def fresh_directory(self):
        return tempfile.mkdtemp(dir=self.work)

    def warm_up(self, helper):
        """Lets the helper's server work without giving it anything that counts."""
        cache = self.fresh_directory()
        self.build(cache, helper, command=f"{self.other_root}/bin/go", GOROOT=self.other_root,
                   GOARCH="arm64" if platform.machine() == "x86_64" else "amd64")
        servers.discard(cache)

    def build(self, cache, helper=None, **variables):
        """(wall, cpu) in seconds; cpu is that of the Go command, the compilers and the helper."""
        environment = {**(helper.environment(cache) if helper else {}), **variables}
        before, resident = resource.getrusage(resource.RUSAGE_CHILDREN), helper.resident_cpu() if helper else 0
        start = time.perf_counter()
        go(self.folder, "build", "-o", "/dev/null", self.package, GOCACHE=cache, GOPROXY="off", **environment)
        wall = time.perf_counter() - start
        if helper:
            await_orphan()
            resident = helper.resident_cpu() - resident
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + resident


class Helper:
    """A GOCACHEPROG with a server of its own, perhaps behind a relay, and perhaps with a resident process."""

    def __init__(self, command, server, rtt_ms, socket=None):
        self.command, self.server, self.socket = command, server, socket
        self.relay = servers.Relay(server, rtt_ms) if rtt_ms else None
        self.url = self.relay.url if rtt_ms else server.url
        self.process = None
        if socket:
            self.process = servers.resident(ADAPTER, socket)

    def environment(self, cache):
        variables = {"GOCACHEPROG": self.command.format(url=self.url, cache=cache),
                     "CACHESERVER_RESIDENT": "use" if self.socket else "off"}
        if self.socket:
            variables["CACHESERVER_SOCKET"] = self.socket
        return variables

    def resident_cpu(self):
        return servers.cpu_seconds(self.process.pid) if self.process else 0

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        if self.relay:
            self.relay.stop()
        self.server.stop()


def helpers(work, wanted, rtt_ms):
    """(name, how to start one) of each."""
    command = ADAPTER + " --server {url} --cache-dir {cache}"
    known = {
        "adapter": lambda: Helper(command, servers.service(), rtt_ms),
        "resident": lambda: Helper(command, servers.service(), rtt_ms, tempfile.mkdtemp(dir=work) + "/socket"),
    }
    if shutil.which("gocached") and shutil.which("go-cacher"):
        known["go-cacher"] = lambda: Helper("go-cacher --cache-dir={cache} --cache-server={url}", servers.gocached(), rtt_ms)
    return [(name, start) for name, start in known.items() if name in wanted]


def measure(builder, rounds, firsts, helpers, results):
    def record(case, value):
        results.setdefault(case, []).append(value)
        servers.log(f"  {case:18s} wall {value[0]:7.3f} s  cpu {value[1]:7.3f} s")

    warm_native = builder.fresh_directory()
    warm = {}
    for number in range(firsts):
        record("native cold", builder.build(warm_native if number == 0 else builder.fresh_directory()))
        for name, start in helpers:
            helper = start()
            builder.warm_up(helper)
            cache = builder.fresh_directory()
            record(f"{name} first", builder.build(cache, helper))
            if name in warm:
                helper.stop()
            else:
                warm[name] = (helper, cache)
    # What first builds leave to be sent behind them is sent by now, or never.
    servers.remove_discarded()
    for _ in range(rounds):
        record("native warm", builder.build(warm_native))
        for name, (helper, cache) in warm.items():
            empty = builder.fresh_directory()
            record(f"{name} fresh", builder.build(empty, helper))
            record(f"{name} warm", builder.build(cache, helper))
            servers.discard(empty)
    for helper, _ in warm.values():
        helper.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", default="fzf", help="of " + ", ".join(PROGRAMS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--firsts", type=int, default=1, help="how often the builds from nothing are repeated")
    parser.add_argument("--helpers", default="adapter,resident,go-cacher")
    parser.add_argument("--rtt-ms", type=float, default=0, help="round trip to the servers, through relay.py")
    args = parser.parse_args()
    adopt_orphans()
    work = tempfile.mkdtemp(prefix="bench-go-")
    try:
        print("| program | case | wall s, median (min to max) | CPU s | n |\n" + "|---" * 5 + "|")
        for name in args.programs.split(","):
            servers.log(name)
            results = {}
            measure(Builder(*prepare(name, work), work), args.rounds, args.firsts,
                    helpers(work, args.helpers.split(","), args.rtt_ms), results)
            for case, values in results.items():
                walls = [wall for wall, _ in values]
                print(f"| {name} | {case} | {statistics.median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f}) "
                      f"| {statistics.median(cpu for _, cpu in values):.2f} | {len(values)} |", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
