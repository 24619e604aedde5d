#!/usr/bin/env python3
"""Start to ready, and resident memory, of the service as the image runs it: from the extracted jar with an AOT cache that is
trained first, JVM options as in the image, memory as of a container of 512 MiB. Beside the same without the AOT cache."""

import argparse
import concurrent.futures
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

import http_load
import servers

OPTIONS = f"{servers.ROOT}/src/main/image/java.options"
MIXED = {"small": 12, "miss": 4, "1m": 4, "put8k": 12}  # load: connections


class Peak(threading.Thread):
    """The largest resident memory of a server until it is stopped, in MiB."""

    def __init__(self, server):
        super().__init__()
        self.server, self.mib, self.ended = server, 0.0, threading.Event()

    def run(self):
        while not self.ended.wait(0.1):
            self.mib = max(self.mib, self.server.rss_mib())

    def stop(self):
        self.ended.set()
        self.join()
        return self.mib


def trained(folder, more):
    """The service's command in that folder, with these JVM options too, with and without the AOT cache."""
    subprocess.run([servers.java(), "-Djarmode=tools", "-jar", servers.service_jar(), "extract", "--destination", folder,
                    "--force"], check=True, stdout=subprocess.DEVNULL)
    # Where the image has native libraries ready.
    options = [line for line in open(OPTIONS).read().split() if "/app/native" not in line and "sqlite.lib" not in line]
    with open(f"{folder}/java.options", "w") as file:
        print("\n".join(options), file=file)
    os.rename(f"{folder}/{os.path.basename(servers.service_jar())}", f"{folder}/go-cache-server.jar")
    subprocess.run([servers.java(), f"{servers.ROOT}/src/build/TrainService.java", servers.java(), folder,
                    f"{folder}/java.options"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rest = ["-XX:MaxRAM=512m", *more, "-jar", "go-cache-server.jar"]
    return [*options, *rest], [each for each in options if "AOTCache" not in each] + rest


def load(server, seconds, work):
    """32 connections that get and put at once; requests per second."""
    with concurrent.futures.ThreadPoolExecutor(len(MIXED)) as pool:
        runs = [pool.submit(http_load.measure, server, each, seconds, work, 1, connections)
                for each, connections in MIXED.items()]
        results = [run.result() for run in runs]
    assert not sum(each["errors"] for each in results), results
    return sum(each["rate"] for each in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=60, help="of load")
    parser.add_argument("--java-options", default="", help="after the image's own, separated by blanks")
    parser.add_argument("--cores", type=int, default=2)
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed: apt install wrk")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:args.cores])
    os.environ["MALLOC_ARENA_MAX"] = "2"  # as in the image
    work, folder = tempfile.mkdtemp(prefix="bench-size-"), tempfile.mkdtemp(prefix="bench-app-")
    started = {}
    try:
        commands = dict(zip(("AOT cache", "no AOT cache"), trained(folder, args.java_options.split())))
        servers.log("trained:", os.path.getsize(f"{folder}/go-cache-server.aot") // 1_000_000, "MB")
        os.chdir(folder)
        times, idle, cpu = ({name: [] for name in commands} for _ in range(3))
        for number in range(args.rounds):
            for name, command in commands.items():
                server = servers.service_process(command)
                seconds = server.start_ready()
                used = server.cpu_seconds()
                time.sleep(5)
                if number:
                    times[name].append(seconds)
                    cpu[name].append(used)
                    idle[name].append(server.rss_mib())
                server.stop()
        print("| | start to ready, s, median (most) | CPU until then, s | RSS idle, MiB, median (most) |\n|---|---|---|---|")
        for name in commands:
            print(f"| {name} | {statistics.median(times[name]):.2f} ({max(times[name]):.2f}) | {statistics.median(cpu[name]):.2f} "
                  f"| {statistics.median(idle[name]):.0f} ({max(idle[name]):.0f}) |", flush=True)
        server = started["service"] = servers.service_process(commands["AOT cache"])
        server.start_ready()
        http_load.put_bodies(work)
        http_load.seed(server, args.objects, work)
        peak = Peak(server)
        peak.start()
        rate = load(server, args.seconds, work)
        print(f"\nunder {sum(MIXED.values())} connections of mixed load ({rate:.0f} requests/s): RSS at most {peak.stop():.0f} MiB, "
              f"at the end {server.rss_mib():.0f} MiB")
    finally:
        for server in started.values():
            server.stop()
        os.chdir("/")
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
