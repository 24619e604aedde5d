#!/usr/bin/env python3
"""Attacks a service as its image runs it, with 256 MiB of heap, and prints how others fare meanwhile.

Each attack has a service of its own. Others are a client that gets and puts ten times a second, and a probe of liveness twice a
second. For both the table says: answered / refused / timed out after 5 s, and the slowest. Heap (what is used of it, garbage
included) and threads are the most that were seen. Give several jars to see them beside one another: before and after.
"""

import argparse
import os
import time

import attack_clients as clients
import attack_faults as faults
import attack_tools as tools
import attack_writers as writers
import servers

SMALL_DISK = {"CACHESERVER_DISK_MAXSIZE": "210MB"}
ATTACKS = {  # what, settings
    "slow-bodies": (clients.slow_bodies, {}),
    "slow-open-paths": (clients.slow_bodies_of_open_paths, {}),
    "slow-headers": (clients.slow_headers, {}),
    "connections": (clients.connections, {}),
    "big-profiles": (clients.big_profiles, {}),
    "big-bodies": (clients.big_bodies, {}),
    "slow-readers": (clients.slow_readers, {}),
    "namespaces": (clients.namespaces, {"CACHESERVER_QUOTAS_0_NAMESPACE": "branch-*", "CACHESERVER_QUOTAS_0_SIZE": "1MB"}),
    "colliding-names": (writers.colliding_names, {}),
    "orphans": (writers.objects_without_actions, writers.ORPHANS),
    "profiles": (writers.profiles_of_others, {}),
    "announced-room": (writers.announced_room, SMALL_DISK),
    "invented-builds": (writers.invented_builds, {}),
    "million-writes": (writers.million_writes, {}),
    "hidden-or-absent": (writers.hidden_or_absent, {}),
    "disk-errors": (faults.disk_errors, {}),
    "set-clock": (faults.set_clock, {}),
    "failing-bucket": (faults.failing_bucket, {"CACHESERVER_S3_MINUPLOADSIZE": "0"}),
}


def run(name, jar, arguments):
    """One row of the table."""
    attack, settings = ATTACKS[name]
    settings, bucket, proxy, faulty = {**tools.settings(), **settings}, None, None, None
    if attack is faults.failing_bucket:
        bucket = servers.Bucket().start()
        proxy = faults.FaultyBucket(bucket)
        settings |= proxy.settings()
    if attack in (faults.disk_errors, faults.set_clock):
        faulty = faults.Faults()
        settings |= faulty.environment()
    server = servers.service_process(tools.image_options(jar), settings)
    server.proxy, server.faults = proxy, faulty
    try:
        server.start_ready()
        if attack is writers.million_writes:
            writers.plant_actions(server, arguments)
        with tools.Others(server) as others:
            try:
                note = attack(server, arguments)
            except Exception as e:
                note = f"{type(e).__name__}: {e}"
            time.sleep(1)
        alive = server.process.poll() is None
        return [name, str(others.client), str(others.probe), f"{others.heap:.0f}", str(others.threads),
                note + ("" if alive else f"; THE SERVICE ENDED with {server.process.returncode}")]
    finally:
        server.stop()
        if bucket:
            proxy.shutdown()
            bucket.stop()
        if not arguments.keep_logs:
            os.remove(server.log)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jars", nargs="*", default=[f"{servers.ROOT}/target/go-cache-server.jar"], metavar="JAR")
    parser.add_argument("--only", nargs="+", choices=ATTACKS, default=list(ATTACKS), metavar="ATTACK", help=", ".join(ATTACKS))
    parser.add_argument("--seconds", type=int, default=30, help="for each attack that lasts as long as one likes")
    parser.add_argument("--s3-seconds", type=int, default=600, help="for failing-bucket")
    parser.add_argument("--namespaces", type=int, default=100_000)
    parser.add_argument("--actions", type=int, default=1_000_000, help="for million-writes")
    parser.add_argument("--keep-logs", action="store_true")
    arguments = parser.parse_args()
    print("| attack | jar | client | probe | heap, MiB | threads | what became of it |\n|---|---|---|---|---|---|---|", flush=True)
    for name in arguments.only:
        for jar in arguments.jars:
            first, *rest = run(name, jar, arguments)
            print("| " + " | ".join([first, os.path.basename(jar), *rest]) + " |", flush=True)


if __name__ == "__main__":
    main()
