#!/usr/bin/env python3
"""Ten changes to a module of twelve packages, and what `go-cache-adapter explain` says of the build after each, beside the truth.
Fails if it says something wrong. With --cost also what it costs to name packages: builds with and without, taking turns."""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

import go_builds
import servers

MODULE = "example.test/explained"
PACKAGES = 11  # and the program
LONG_AGO = time.time() - 1_000_000


class Module:
    def __init__(self, folder):
        self.folder = folder
        self.write("go.mod", f"module {MODULE}\n\ngo 1.24\n")
        for i in range(PACKAGES):
            imports = "".join(f'\t"{MODULE}/p{j}"\n' for j in range(max(0, i - 2), i))
            calls = "".join(f" + p{j}.Name()" for j in range(max(0, i - 2), i))
            self.write(f"p{i}/p.go", f'package p{i}\n\nimport (\n\t_ "embed"\n{imports})\n\n//go:embed name.txt\nvar name string\n\n'
                                     f"func Name() string {{ return name{calls} }}\n")
            self.write(f"p{i}/name.txt", f"package {i}")
        self.write("p3/extra.go", "//go:build extra\n\npackage p3\n\nfunc Extra() {}\n")
        self.write("p4/p_test.go", 'package p4\n\nimport ("os"; "testing")\n\nfunc Test(t *testing.T) {\n'
                                   '\tif _, err := os.ReadFile("testdata/input"); err != nil { t.Fatal(err) }\n}\n')
        self.write("p4/testdata/input", "input")
        self.write("main.go", f'package main\n\nimport "{MODULE}/p{PACKAGES - 1}"\n\nfunc main() {{ print(p{PACKAGES - 1}.Name()) }}\n')

    def write(self, name, text, age=0.0):
        path = f"{self.folder}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.utime(path, (LONG_AGO - age, LONG_AGO - age))

    def append(self, name, text):
        with open(f"{self.folder}/{name}", encoding="utf-8") as file:
            self.write(name, file.read() + text)


class Machine:
    def __init__(self, work, url, go="go"):
        self.work, self.url, self.go = work, url, go
        self.cache = f"{work}/cache"
        self.socket = tempfile.mkdtemp(dir=work) + "/socket"
        self.process = servers.resident(go_builds.ADAPTER, self.socket)

    def environment(self, **variables):
        return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-trimpath -buildvcs=false", "GOTOOLCHAIN": "local",
                "GOCACHEPROG": f"{go_builds.ADAPTER} --server {self.url} --cache-dir {self.cache} --time-budget=0",
                "CACHESERVER_RESIDENT": "use", "CACHESERVER_SOCKET": self.socket, **variables}

    def run(self, folder, *words, go=None, **variables):
        run = subprocess.run([go or self.go, *words], cwd=folder, capture_output=True, text=True,
                             env=self.environment(**variables))
        if run.returncode:
            raise SystemExit(f"go {' '.join(words)}: {run.stderr[-2000:]}")
        return run.stdout

    def builds(self):
        with urllib.request.urlopen(f"{self.url}/builds", timeout=30) as answer:
            return answer.read().decode()

    def last(self):
        try:
            with open(f"{self.cache}/go-cache-adapter/last-build", encoding="utf-8") as file:
                return int(file.read())
        except (FileNotFoundError, ValueError):
            return 0

    def explained(self, before):
        """The explanation of the build after that one, once its packages are known."""
        for _ in range(600):
            if self.last() > before:
                text = subprocess.run([go_builds.ADAPTER, "explain", "--server", self.url, "--cache-dir", self.cache],
                                      capture_output=True, text=True, check=False).stdout
                if "not known" not in text.split("\n")[-2]:
                    return text
            time.sleep(0.1)
        return "nothing\n"

    def stop(self):
        self.process.terminate()
        self.process.wait()


def changes(module, machine, other_go):
    """Name, what to do, arguments, variables, what the explanation has to say (a regular expression)."""
    copy = f"{machine.work}/elsewhere"
    plain = {"GOFLAGS": "-buildvcs=false"}

    def elsewhere():
        machine.run(module.folder, "build", "-o", "/dev/null", ".", **plain)
        time.sleep(3)
        shutil.copytree(module.folder, copy)

    def evict():
        machine.run(module.folder, "build", "-o", "/dev/null", ".")
        time.sleep(3)
        text = machine.builds()
        for build in re.findall(r'"id":(\d+)', text):
            with urllib.request.urlopen(f"{machine.url}/builds/{build}", timeout=30) as answer:
                found = re.search(rf'"name":"{MODULE}/p6","kind":"compile","action":"([0-9a-f]+)"', answer.read().decode())
            if found:
                request = urllib.request.Request(f"{machine.url}/actuator/gocache/action/{found.group(1)}?by=bench",
                                                 method="DELETE")
                urllib.request.urlopen(request, timeout=30).close()
                break
        shutil.move(machine.cache, machine.cache + "-before")
        os.makedirs(machine.cache + "/go-cache-adapter")

    test = ["test", "./p4"]
    build = ["build", "-o", "/dev/null", "."]
    p = re.escape(MODULE)
    yield "edit a leaf", lambda: module.append(f"p{PACKAGES - 1}/p.go", "\nfunc More() {}\n"), build, {}, \
        rf"{p}/p{PACKAGES - 1}: sources-changed.*; 1 other follows"
    yield "edit the root of many", lambda: module.append("p0/p.go", "\nfunc More() int { return 7 }\n"), build, {}, \
        rf"{p}/p0: sources-changed.*; [1-9]+ others follow"
    yield "change a tag", lambda: None, ["build", "-tags", "extra", "-o", "/dev/null", "."], {}, \
        rf"{p}/p3, {p}: settings-differ: -tags extra, before not set"
    yield "GOAMD64", lambda: None, build, {"GOAMD64": "v3"}, r"settings-differ: GOAMD64 v3, before v1 \("
    if other_go:
        yield "Go version", lambda: None, build, {"go": other_go}, r"settings-differ: GOVERSION go1\.\S+, before go1\.\S+ \("
    yield "embedded file", lambda: module.write("p7/name.txt", "another"), build, {}, \
        rf"{p}/p7: sources-changed.*; [1-9]+ others follow"
    yield "without -trimpath elsewhere", elsewhere, ["-C", copy, *build], plain, \
        rf"{p}/p0: settings-differ: directory {re.escape(copy)}, before {re.escape(module.folder)}"
    yield "evict", evict, build, {}, rf"{p}/p6: evicted"
    def read_file():
        machine.run(module.folder, *test)
        time.sleep(3)
        module.write("p4/testdata/input", "changed", 5000.0)

    yield "test reads a changed file", read_file, test, {}, \
        rf"{p}/p4 \(test\): inputs-changed.*testdata/input"
    yield "-count=1", lambda: module.append("p4/p.go", "\nfunc More() int { return 9 }\n"), \
        ["test", "-count=1", "./p4"], {}, r"all tests \(test\): not-cacheable: .*-count=1"


def ten(machine, module, other_go):
    before = machine.last()
    machine.run(module.folder, "build", "-o", "/dev/null", ".")
    print(machine.explained(before))
    before = machine.last()
    machine.run(module.folder, "test", "./p4")
    print(machine.explained(before))
    wrong = 0
    for name, change, words, variables, expected in changes(module, machine, other_go):
        change()
        time.sleep(3)
        before = machine.last()
        machine.run(module.folder, *words, **variables)
        text = machine.explained(before)
        right = re.search(expected, text) is not None
        wrong += not right
        print(f"{'right' if right else 'WRONG'}  {name}: wanted {expected}\n{text}", flush=True)
    print(f"{wrong} wrong")
    return wrong


def cost(machine, module, rounds):
    """CPU and time of a build whose leaf has changed, with and without names."""
    walls, cpus = {True: [], False: []}, {True: [], False: []}
    for i in range(2 * rounds):
        named = i % 2 == 0
        module.append(f"p{PACKAGES - 1}/p.go", f"\nfunc Cost{i}() {{}}\n")
        before, begin, cpu = machine.last(), time.perf_counter(), family_cpu(machine.process.pid)
        machine.run(module.folder, "build", "-o", "/dev/null", ".", CACHESERVER_REPORTBUILDS="true" if named else "unnamed")
        walls[named].append(time.perf_counter() - begin)
        time.sleep(4)
        cpus[named].append(family_cpu(machine.process.pid) - cpu)
        assert machine.last() > before
    for named in (False, True):
        print(f"{'named' if named else 'unnamed':8} build {statistics.median(walls[named]):.2f} s,"
              f" CPU of the resident process and its children {statistics.median(cpus[named]):.2f} s")


def family_cpu(pid):
    fields = open(f"/proc/{pid}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / servers.TICKS


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other-go", help="a Go command of another version")
    parser.add_argument("--cost", type=int, default=0, metavar="ROUNDS")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="explain-")
    server = servers.service()
    machine = Machine(work, server.url)
    try:
        module = Module(f"{work}/module")
        wrong = ten(machine, module, options.other_go)
        if options.cost:
            cost(machine, module, options.cost)
    finally:
        machine.stop()
        server.stop()
        shutil.rmtree(work, ignore_errors=True)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
