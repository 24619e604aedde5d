#!/usr/bin/env python3
"""What remembering builds costs the service: CPU of each report and its packages, and the size of builds.db, for 10,000 builds
of several modules. Each build changes a few packages, and those that import them follow."""

import argparse
import hashlib
import json
import os
import random
import time
import urllib.request

import servers


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
        return answer.headers.get("Build-Id")


class Module:
    """Packages that import earlier ones, each with the state of its sources."""

    def __init__(self, name, size):
        self.name = name
        self.versions = [0] * size
        self.deps = [sorted(random.sample(range(i), min(i, 5))) for i in range(size)]
        self.known = set()

    def build(self, changes):
        for i in random.sample(range(len(self.versions)), changes):
            self.versions[i] += 1
        contents, packages = [], []
        for i, deps in enumerate(self.deps):
            text = f"{self.name} {i} {self.versions[i]} " + " ".join(contents[d] for d in deps)
            action = hashlib.sha256(text.encode()).hexdigest()
            contents.append(action[:20])
            missed = action not in self.known
            self.known.add(action)
            packages.append([f"{self.name}/internal/package{i}", "compile", action, 0 if missed else 1, missed,
                             contents[i], str(self.versions[i]), deps, 16, None])
        return packages


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=int, default=10_000)
    parser.add_argument("--modules", type=int, default=10)
    parser.add_argument("--packages", type=int, default=300)
    parser.add_argument("--changes", type=int, default=1)
    options = parser.parse_args()
    random.seed(1)
    server = servers.service()
    try:
        modules = [Module(f"example.test/module{i}", options.packages) for i in range(options.modules)]
        missed, step = 0, max(1, options.builds // 5)
        cpu, begin = server.cpu_seconds(), time.perf_counter()
        for n in range(options.builds):
            module = modules[n % len(modules)]
            packages = module.build(options.changes)
            misses = sum(use[4] for use in packages)
            missed += misses
            report = {"module": module.name, "command": "go build", "serviceHits": len(packages) - misses, "misses": misses,
                      "executed": misses, "executionMillis": 100 * misses,
                      "build": {"module": module.name, "command": ["go", "build", "-trimpath", "./..."],
                                "variables": {"GOVERSION": "go1.26.8", "GOOS": "linux", "GOARCH": "amd64"}}}
            number = post(f"{server.url}/builds", report)
            post(f"{server.url}/builds/{number}/packages", {"packages": packages})
            if (n + 1) % step == 0:
                size = sum(os.path.getsize(f"{server.data}/builds.db{suffix}") for suffix in ("", "-wal"))
                now = server.cpu_seconds()
                print(f"{n + 1} builds: {missed / (n + 1):.0f} of {options.packages} packages missed, "
                      f"{(now - cpu) / step * 1000:.1f} ms of CPU a build, builds.db {size / 1e6:.1f} MB,"
                      f" {time.perf_counter() - begin:.0f} s", flush=True)
                cpu = now
        for path in ("/builds?limit=50", f"/builds/{number}", "/builds/days?days=30", "/builds/missed?days=7"):
            times = []
            for _ in range(20):
                start = time.perf_counter()
                urllib.request.urlopen(server.url + path, timeout=60).read()
                times.append(time.perf_counter() - start)
            print(f"GET {path}: {1000 * sorted(times)[10]:.1f} ms")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
