#!/usr/bin/env python3
"""Whether results of tests are found on another machine: how many of a module's tested packages are "(cached)".

Each module is checked out by Git afresh, at the same path, by one machine and then by another, which shares nothing with the
first but the service, or, "native", a copy of its GOCACHE. "as checked out": with the modification times of a checkout;
"stable times": after `go-cache-adapter stable-times`, on both.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time

import go_builds
import programs
import servers

MODULES = (("golang.org/x/mod", "v0.29.0"), ("github.com/BurntSushi/toml", "v1.5.0"),
           ("github.com/yuin/goldmark", "v1.7.13"))


class Module:
    """A Git repository with a module's files, and its one checkout."""

    def __init__(self, name, version, work):
        self.name, self.origin, self.checkout = name, tempfile.mkdtemp(dir=work), f"{work}/checkout"
        program = programs.Program("module", name, version, "./...", ".").prepare(self.origin)
        program.go("vet", "./...", GOPROXY=os.environ.get("GOPROXY", ""))  # which downloads what tests need
        self.origin = program.folder
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", "all")

    def git(self, *words):
        subprocess.run(["git", *words], cwd=self.origin, check=True)

    def test(self, stable, env):
        """(tested packages, cached ones, seconds) of a new checkout."""
        shutil.rmtree(self.checkout, ignore_errors=True)
        self.git("clone", "-q", self.origin, self.checkout)
        if stable:
            subprocess.run([go_builds.ADAPTER, "stable-times", self.checkout], check=True, stdout=subprocess.DEVNULL)
        time.sleep(2.1)  # the Go command does not keep what read files that are younger than two seconds
        start = time.perf_counter()
        run = subprocess.run(["go", "test", "./..."], cwd=self.checkout, capture_output=True, text=True,
                             env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod -buildvcs=false", "GOWORK": "off", **env})
        ok = [line for line in run.stdout.splitlines() if line.startswith("ok")]
        return len(ok), sum("(cached)" in line for line in ok), time.perf_counter() - start


def through_service(module, stable, work, service):
    def machine():
        cache = tempfile.mkdtemp(dir=work)
        told = module.test(stable, {"GOCACHE": cache, "CACHESERVER_RESIDENT": "off",
                                    "GOCACHEPROG": f"{go_builds.ADAPTER} --server {service.url} --cache-dir {cache}"})
        shutil.rmtree(cache, ignore_errors=True)
        return told

    return machine(), machine()


def native(module, stable, work):
    cache = tempfile.mkdtemp(dir=work)
    first = module.test(stable, {"GOCACHE": cache})
    copy = tempfile.mkdtemp(dir=work)
    shutil.copytree(cache, copy, dirs_exist_ok=True)
    return first, module.test(stable, {"GOCACHE": copy})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    work = tempfile.mkdtemp(prefix="bench-tests-")
    print("| module | by | times | first: packages, s | second: cached, s |\n" + "|---" * 5 + "|")
    try:
        for name, version in MODULES:
            module = Module(name, version, work)
            for by in ("service", "native"):
                for stable in (False, True):
                    if by == "service":
                        service = servers.service()
                        first, second = through_service(module, stable, work, service)
                        service.stop()
                    else:
                        first, second = native(module, stable, work)
                    print(f"| {name} | {by} | {'stable times' if stable else 'as checked out'} | {first[0]}, {first[2]:.1f} "
                          f"| {second[1]} of {second[0]}, {second[2]:.1f} |", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
