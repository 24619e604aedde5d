#!/usr/bin/env python3
"""How long a build takes on a fresh runner: an empty client, and a service that has all of it, at a distance.

Real programs from the Go module proxy. All helpers take turns within every round, at every distance:

  adapter        a JVM for each build       new-resident  a resident process that has not served a build yet
  resident       one process for all        go-cacher     with gocached
  vearutop       with its server, if --vearutop names its binary
  no-prefetch    as adapter, with --prefetch-max-bytes 0

beside plain GOCACHE, full ("native"). --changed: also with one package of the program changed. "first" is the build that
fills the service, from nothing, and "after-fill" the first fresh runner after that.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile

import go_builds
import programs
import runners
import servers


class Run:
    """The measurements of one program, as they come."""

    def __init__(self, args, program, work):
        self.args, self.program, self.work = args, program, work
        self.costs = {}
        self.native_cache = None

    def record(self, place, case, cost):
        self.costs.setdefault((place, case), []).append(cost)
        servers.log(f"  {place:16s} {case:24s} wall {cost.wall:7.3f} s  cpu {cost.cpu:7.3f} s  server {cost.server_cpu:5.2f} s"
                    + (f"  {cost.down / 1e6:7.1f} MB in {cost.connections}" if cost.down is not None else ""))

    def directory(self):
        return tempfile.mkdtemp(dir=self.work)

    def fresh(self, runner, near=False):
        cache = self.directory()
        try:
            return runner.build(self.program, cache, near)
        finally:
            servers.discard(cache)

    def fill(self, kinds):
        """A server for each helper, or for those of one sort together, filled by a first build."""
        filled = {}
        for kind in kinds:
            key = kind.start_server
            if key not in filled:
                server = key()
                filled[key] = server
                runner = runners.Runner(kind, server, self.work)
                self.record("near", f"{kind.name} first", self.fresh(runner))
                self.record("near", f"{kind.name} after-fill", self.fresh(runner))
                for _ in range(self.args.warm_up - 1):
                    self.fresh(runner)
                runner.stop()
        return filled

    def native(self, place):
        if not self.native_cache:
            self.native_cache = self.directory()
            self.record("near", "native cold", runners.native(self.program, self.native_cache))
        self.record(place, "native", runners.native(self.program, self.native_cache))

    def rounds(self, kinds, filled, place, rtt_ms, mbit):
        all_of_them = [runners.Runner(kind, filled[kind.start_server], self.work, rtt_ms, mbit) for kind in kinds]
        for runner in all_of_them:
            if runner.kind.resident == "warm":
                for _ in range(self.args.warm_up):
                    self.fresh(runner, near=True)
        servers.remove_discarded()
        for _ in range(self.args.rounds):
            self.native(place)
            for runner in all_of_them:
                self.record(place, runner.kind.name, self.fresh(runner))
            if self.args.changed:
                self.changed(all_of_them, place)
        for runner in all_of_them:
            runner.stop()
        servers.remove_discarded()

    def changed(self, all_of_them, place):
        self.program.change()
        self.record(place, "native, changed", runners.native(self.program, self.native_cache))
        for runner in all_of_them:
            self.program.change()
            self.record(place, f"{runner.kind.name}, changed", self.fresh(runner))
        self.program.restore()


def places(args):
    """(name, rtt in ms, Mbit/s) of each."""
    for mbit in args.mbit:
        for rtt in args.rtt_ms:
            yield f"{rtt:g} ms" + (f" {mbit:g} Mbit/s" if mbit else ""), rtt, mbit


def row(program, place, case, costs):
    walls = [cost.wall for cost in costs]
    counted = [cost.down for cost in costs if cost.down is not None]
    return {"program": program, "place": place, "case": case, "builds": len(costs),
            "wall": statistics.median(walls), "wall_min": min(walls), "wall_max": max(walls),
            "cpu": statistics.median(cost.cpu for cost in costs), "server_cpu": statistics.mean(cost.server_cpu for cost in costs),
            "down": statistics.median(counted) if counted else None,
            "connections": statistics.median(cost.connections for cost in costs if cost.down is not None) if counted else None}


def print_rows(rows):
    print("| program | place | case | wall s, median (min to max) | client CPU s | server CPU s | MB down | connections | n |\n"
          + "|---" * 9 + "|")
    for r in rows:
        down = f"{r['down'] / 1e6:.1f} | {r['connections']:.0f}" if r["down"] is not None else " | "
        print(f"| {r['program']} | {r['place']} | {r['case']} | {r['wall']:.2f} ({r['wall_min']:.2f} to {r['wall_max']:.2f}) "
              f"| {r['cpu']:.2f} | {r['server_cpu']:.3f} | {down} | {r['builds']} |", flush=True)


def numbers(text):
    return [float(number) for number in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", default="fzf,glow,helm", help="of " + ", ".join(programs.known()))
    parser.add_argument("--helpers", default="adapter,resident,new-resident,go-cacher,vearutop")
    parser.add_argument("--rtt-ms", type=numbers, default=[0, 10, 50], help="round trips to the servers")
    parser.add_argument("--mbit", type=numbers, default=[0], help="bandwidths; 0 is unlimited")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=3, help="fresh builds before those that count, for the servers' JVM")
    parser.add_argument("--changed", action="store_true", help="also with one package changed")
    parser.add_argument("--vearutop", help="binary of github.com/vearutop/gocacheprog")
    parser.add_argument("--flags", default="", help="more flags for the adapter")
    parser.add_argument("--json", help="file for the results")
    parser.add_argument("--keep", help="folder that keeps the programs' sources for the next time")
    return parser.parse_args()


def main():
    args = arguments()
    go_builds.adopt_orphans()
    work = tempfile.mkdtemp(prefix="bench-fresh-")
    rows = []
    try:
        known = runners.kinds(args.flags, args.vearutop)
        kinds = [known[name] for name in args.helpers.split(",") if name in known]
        for name in args.programs.split(","):
            program = programs.known()[name].prepare(args.keep or f"{work}/programs")
            servers.log(f"{name}: {program.packages()} packages")
            run = Run(args, program, work)
            filled = run.fill(kinds)
            try:
                for place, rtt_ms, mbit in places(args):
                    run.rounds(kinds, filled, place, rtt_ms, mbit)
            finally:
                program.restore()
                for server in filled.values():
                    server.stop()
            rows += [row(name, place, case, costs) for (place, case), costs in run.costs.items()]
        print_rows(rows)
        if args.json:
            with open(args.json, "w") as file:
                json.dump({"cpus": os.cpu_count(), "rounds": args.rounds, "rows": rows}, file, indent=1)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
