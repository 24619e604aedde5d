"""Attacks by clients that may write something, on what others have."""

import hashlib
import json
import os
import random
import socket
import sqlite3
import statistics
import time

from attack_tools import JSON, MIB, SECRETS, Client, end_of_build, head, hits, put_all, session

# Two names of branches that differ in capitals alone, and whose SHA-256 after "46:" begin with the same 48 bits.
TWINS = ("refs/heads/DEPeNDeNCY-uPDATeS-Of-The-BUIld-tool", "refs/heads/DepEndENcY-upDaTeS-oF-THe-BuIld-tool")


def colliding_names(server, arguments):
    action, (first, second) = os.urandom(32).hex(), map(session, TWINS)
    Client(server, first).put(action, b"of the first branch")
    status = Client(server, second).get(action)
    return f"what one branch put is {'READ' if status == 200 else 'not read'} by another whose name collides"


ORPHANS = {"CACHESERVER_QUOTAS_0_NAMESPACE": "pr-*", "CACHESERVER_QUOTAS_0_SIZE": "1MB", "CACHESERVER_DISK_MAXSIZE": "200MB"}


def objects_without_actions(server, arguments):
    """PUT /output by one whose namespace has a quota of 1 MB, until four times the disk was sent."""
    actions = put_all(server, SECRETS["main"], 40, MIB)
    client, stored = Client(server, SECRETS["pull"], 60), 0
    for _ in range(800):
        data = os.urandom(900 << 10)
        status = client.request("PUT", f"/output/{hashlib.sha256(data).hexdigest()}", data)[0]
        stored += status < 300
    return f"{stored} of 800 objects stored; hits of main {len(actions)} → {hits(server, SECRETS['main'], actions)}"


def profiles_of_others(server, arguments):
    """Sixty builds of 32,768 actions, each noted for three kinds: 190 MB, where 128 MB is what all may take."""
    main, pull = Client(server, SECRETS["main"], 60), Client(server, SECRETS["pull"], 60)
    for i in range(50):
        body = (32).to_bytes(2, "big") + b"".join(b"\1" + os.urandom(32) for _ in range(2000))
        main.request("POST", "/prefetch/used", end_of_build(f"main {i}", body), JSON)
    body = (32).to_bytes(2, "big") + b"".join(b"\3" + os.urandom(32) for _ in range(32768))
    seen = []
    for turn in range(60):
        try:
            seen.append(pull.request("POST", "/prefetch/used", end_of_build(f"pull {turn}", body), JSON)[0])
        except OSError:
            seen.append("cut off")
    left = sum(main.request("POST", "/prefetch", json.dumps({"build": {"module": f"main {i}"}}).encode(), JSON)[0] == 200 for i in range(50))
    return f"sixty large builds: {set(seen)}; main's profiles 50 → {left}"


def announced_room(server, arguments):
    """Eight Puts that announce 150 MB each, and send 100 bytes."""
    actions = put_all(server, SECRETS["main"], 150, MIB)
    crowd = []
    for i in range(8):
        s = socket.create_connection(("127.0.0.1", server.port), 20)
        s.sendall(head("PUT", f"/{i:064x}/{i:064x}", 150_000_000, SECRETS["pull"]) + bytes(100))
        crowd.append(s)
    time.sleep(5)
    left = hits(server, SECRETS["main"], actions)
    for s in crowd:
        s.close()
    return f"hits of main {len(actions)} → {left}"


def invented_builds(server, arguments):
    """300 reports of builds by one who may read."""
    client = Client(server, SECRETS["laptop"])
    report = json.dumps({"module": "m", "executed": 10**6, "executionMillis": 10**15, "serviceHits": 10**6, "durationMillis": 1})
    seen = {}
    for _ in range(300):
        status = client.request("POST", "/builds", report, {"Content-Type": "application/json"})[0]
        seen[status] = seen.get(status, 0) + 1
    saved = 0.0
    for line in Client(server, SECRETS["admin"]).request("GET", "/actuator/prometheus")[1].decode().splitlines():
        if line.startswith("gocache_builds_saved_seconds_total"):
            saved = float(line.split()[-1])
    return f"{seen}; work saved: {saved:.3g} s"


def plant_actions(server, arguments):
    action = os.urandom(32).hex()
    Client(server, SECRETS["pull"], 60).put(action, b"planted" * 50)
    server.end()
    fill(f"{server.data}/index.db", bytes.fromhex(action), arguments.actions)
    server.start_ready()


def million_writes(server, arguments):
    """Lists, then purges, what a writer has put: a million actions."""
    admin = Client(server, SECRETS["admin"], 1800)
    results = []
    for method, path in (("GET", "writes?token=pull&limit=2147483647"), ("DELETE", "writes?token=pull&by=bench")):
        begin = time.perf_counter()
        try:
            status, body = admin.request(method, f"/actuator/gocache/{path}")
            results.append(f"{method} {status}, {len(body) // 1024} KiB in {time.perf_counter() - begin:.0f} s")
        except OSError:
            results.append(f"{method} cut off after {time.perf_counter() - begin:.0f} s")
            if server.process.poll() is not None:
                break
    return f"{arguments.actions} actions: " + ", ".join(results)


def fill(index, action, count):
    """As many copies of an action as are wanted, under other IDs, whatever other columns there are."""
    database = sqlite3.connect(index)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -500000")
    columns = [row[1] for row in database.execute("PRAGMA table_info(action)")]
    values = ["randomblob(32)" if name == "action_id" else f"a.{name}" for name in columns]
    with database:
        database.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count:d}) "
            f"INSERT INTO action ({', '.join(columns)}) SELECT {', '.join(values)} FROM n, action a WHERE a.action_id = ?", (action,))
        database.execute("UPDATE totals SET actions = (SELECT count(*) FROM action)")
    database.close()


def hidden_or_absent(server, arguments):
    """How long a miss takes for an action, and for an object, that the client may not see, and for one that is nowhere."""
    pull, hidden = Client(server, SECRETS["pull"]), {"action": [], "output": []}
    for _ in range(50):
        data = os.urandom(2000)
        hidden["action"].append(os.urandom(32).hex())
        hidden["output"].append(hashlib.sha256(data).hexdigest())
        pull.put(hidden["action"][-1], data)
    return "; ".join(miss_times(server, what, ids) for what, ids in hidden.items())


def miss_times(server, what, hidden):
    ids = {"hidden": hidden, "absent": [os.urandom(32).hex() for _ in hidden]}
    client, times = Client(server, SECRETS["laptop"]), {"hidden": [], "absent": []}
    order = [kind for _ in range(4000) for kind in random.sample(("hidden", "absent"), 2)]
    for i, kind in enumerate(order):
        begin = time.perf_counter_ns()
        status = client.request("GET", f"/{what}/{ids[kind][i // 2 % len(hidden)]}", headers={"Want-Object": "1"})[0]
        times[kind].append(time.perf_counter_ns() - begin)
        assert status == 404, status
    medians = {kind: statistics.median(values[500:]) / 1000 for kind, values in times.items()}
    pairs = sum(h > a for h, a in zip(times["hidden"][500:], times["absent"][500:])) / 3500
    return f"{what}: median hidden {medians['hidden']:.0f} µs, absent {medians['absent']:.0f} µs, hidden slower in {pairs:.0%}"
