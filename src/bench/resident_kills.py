#!/usr/bin/env python3
"""Kills the resident process at random moments of real builds, and counts what becomes of the builds.

Each round changes some packages of a program, builds it through the resident process, on a cache directory that may be
empty, and kills the process at a moment between the start of the build and a little after its usual end. A build may end
well or fail, saying that the process was killed. It must not hang, and never make anything but the program of its sources:
the program prints a value of each package. After a build that failed, the same build must end well on the same directory.
"""

import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import go_builds
import servers

PACKAGES = 12
EXPECTED = ("resident process was killed", "GOCACHEPROG exited pre-Close", "GOCACHEPROG program closed", "GOCACHEPROG: ",
            "broken pipe")


class Program:
    """A module of some packages in a row, each with a value, and a main package that prints them."""

    def __init__(self, folder, rnd):
        self.folder, self.rnd, self.values = folder, rnd, [0] * PACKAGES
        os.makedirs(folder)
        self.write("go.mod", "module bench/kills\n\ngo 1.24\n")
        for number in range(PACKAGES):
            self.set(number)
        self.write("main.go", 'package main\n\nimport (\n\t"fmt"\n\t"bench/kills/p0"\n)\n\n'
                              "func main() { fmt.Println(p0.Values()...) }\n")

    def write(self, name, text):
        os.makedirs(os.path.dirname(f"{self.folder}/{name}"), exist_ok=True)
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    def set(self, number):
        value = self.values[number] = self.rnd.getrandbits(60)
        rest, imported = "nil", ""
        if number + 1 < PACKAGES:
            rest, imported = f"p{number + 1}.Values()", f'import "bench/kills/p{number + 1}"\n\n'
        # Some objects of more than a pipe holds.
        table = ", ".join(str(self.rnd.getrandbits(32)) for _ in range(self.rnd.choice((1, 1, 1, 20_000))))
        self.write(f"p{number}/p.go", f"package p{number}\n\n{imported}var table = []uint32{{{table}}}\n\n"
                                      f"func Values() []any {{ table[0]++; return append([]any{{int64({value})}}, {rest}...) }}\n")

    def change(self):
        for number in self.rnd.sample(range(PACKAGES), self.rnd.randint(1, 3)):
            self.set(number)

    def is_right(self, binary):
        printed = subprocess.run([binary], capture_output=True, text=True, timeout=60)
        return printed.returncode == 0 and printed.stdout.split() == [str(value) for value in self.values]


class Machine:
    def __init__(self, work, program, service, seconds):
        self.work, self.program, self.service, self.seconds = work, program, service, seconds
        self.socket, self.binary, self.cache = f"{work}/run/socket", f"{work}/program", f"{work}/cache"
        self.resident = None
        os.mkdir(f"{work}/run", 0o700)

    def start(self):
        """Starts a resident process, and waits until launchers can connect."""
        if os.path.exists(f"{self.socket}.connect"):
            os.remove(f"{self.socket}.connect")  # a killed one's
        with open(f"{self.work}/resident.log", "ab") as log:
            self.resident = subprocess.Popen([go_builds.ADAPTER, "serve", "--socket", self.socket],
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.time() + 60
        while not os.path.exists(f"{self.socket}.connect"):
            if time.time() > end or self.resident.poll() is not None:
                raise SystemExit(f"the resident process did not get ready: see {self.work}/resident.log")
            time.sleep(.01)

    def kill(self):
        self.resident.kill()
        self.resident.wait()

    def new_cache(self):
        shutil.rmtree(self.cache, ignore_errors=True)

    def build(self, kill_after=None):
        """(outcome, seconds): "well", "failed", "failed otherwise", "wrong" or "hangs"."""
        if os.path.exists(self.binary):
            os.remove(self.binary)
        environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOWORK": "off", "GOCACHE": self.cache,
                       "GOCACHEPROG": f"{go_builds.ADAPTER} --server {self.service.url}", "GOPROXY": "off",
                       "CACHESERVER_SOCKET": self.socket}
        start = time.perf_counter()
        # A file, since a helper that is left over would keep a pipe open.
        with open(f"{self.work}/stderr", "w+") as stderr:
            go = subprocess.Popen(["go", "build", "-o", self.binary, "."], cwd=self.program.folder, env=environment,
                                  stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr, start_new_session=True)
            killer = threading.Timer(kill_after, self.kill) if kill_after is not None else None
            if killer:
                killer.start()
            try:
                code = go.wait(self.seconds)
            except subprocess.TimeoutExpired:
                os.killpg(go.pid, 9)
                go.wait()
                code = None
            seconds = time.perf_counter() - start
            if killer:
                killer.join()
            stderr.seek(0)
            said = stderr.read()
        if code is None:
            return "hangs", seconds
        if code:
            expected = any(words in said for words in EXPECTED)
            if not expected or kill_after is None:
                servers.log(said)
            return "failed" if expected else "failed otherwise", seconds
        return "well" if os.path.exists(self.binary) and self.program.is_right(self.binary) else "wrong", seconds


def run(machine, rnd, kills):
    machine.start()
    usual = 0
    for number in range(6):
        machine.program.change()
        outcome, seconds = machine.build()
        if outcome != "well":
            raise SystemExit(f"a build without a kill: {outcome}")
        usual = max(usual, seconds) if number else 0  # the first one compiles Go's library
        if number == 3:
            machine.new_cache()
    servers.log(f"a build takes {usual:.2f} s")
    outcomes, repeated = collections.Counter(), collections.Counter()
    slowest = 0
    for number in range(kills):
        machine.program.change()
        if rnd.random() < .3:
            machine.new_cache()
        outcome, seconds = machine.build(rnd.uniform(0, 1.1 * usual))
        outcomes[outcome] += 1
        slowest = max(slowest, seconds)
        machine.start()
        if outcome != "well":
            repeated[machine.build()[0]] += 1
        if number % 50 == 49:
            servers.log(f"{number + 1} kills: {dict(outcomes)}; again: {dict(repeated)}")
    machine.kill()
    print("| kills | hangs | wrong | failed, and said why | failed otherwise | ended well | the slowest | failed ones repeated: well | else |"
          "\n" + "|---" * 9 + "|")
    print(f"| {kills} | {outcomes['hangs']} | {outcomes['wrong']} | {outcomes['failed']} | {outcomes['failed otherwise']} "
          f"| {outcomes['well']} | {slowest:.1f} s | {repeated['well']} | {repeated.total() - repeated['well']} |")
    return not (outcomes["hangs"] or outcomes["wrong"] or outcomes["failed otherwise"]
                or repeated.total() - repeated["well"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--seconds", type=float, default=60, help="after which a build counts as one that hangs")
    args = parser.parse_args()
    servers.log(f"seed {args.seed}")
    rnd = random.Random(args.seed)
    work = tempfile.mkdtemp(prefix="bench-kills-")
    service = servers.service()
    try:
        good = run(Machine(work, Program(f"{work}/module", rnd), service, args.seconds), rnd, args.kills)
    finally:
        service.stop()
    if not good:
        sys.exit(f"see {work}")
    shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
