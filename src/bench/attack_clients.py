"""Attacks that take connections, threads or memory."""

import concurrent.futures
import json
import os
import socket
import threading
import time

from attack_tools import MIB, SECRETS, Client, Crowd, end_of_build, head, put_all, session


def closed(crowd, data, seconds):
    try:
        connected = len(crowd.sockets)
        soon, left = crowd.drip(data, seconds)
        return f"{connected} of {crowd.wanted} connected, {soon} closed within 2 s, {left} open at the end"
    finally:
        crowd.close()


def slow_bodies(server, arguments):
    crowd = Crowd(server, 200, lambda i: head("PUT", f"/{i:064x}/{i:064x}", 60_000_000))
    return closed(crowd, b"x" * 1200, arguments.seconds)


def slow_bodies_of_open_paths(server, arguments):
    crowd = Crowd(server, 200, lambda i: head("GET", ("/openapi.yaml", "/")[i % 2], 60_000_000))
    return closed(crowd, b"x" * 1200, arguments.seconds)


def slow_headers(server, arguments):
    crowd = Crowd(server, 400, lambda i: b"GET / HTTP/1.1\r\nHost: cache\r\nX: ")
    return closed(crowd, b"x", arguments.seconds)


def connections(server, arguments):
    crowd = Crowd(server, 10_000, lambda i: head("GET", "/actuator/health/liveness", 0))
    return closed(crowd, b"", arguments.seconds)


def big_profiles(server, arguments):
    """12 builds of 32,768 actions at once, twice: what is written is merged with what is there."""
    def one(i):
        used = (32).to_bytes(2, "big") + b"".join(b"\3" + os.urandom(32) for _ in range(32768))
        return held_back(server, "/prefetch/used", end_of_build(f"big {i}", used), SECRETS["pull"])

    return statuses(12, one) + "; then " + statuses(12, one)


def big_bodies(server, arguments):
    """64 MiB for everything else that takes a body, or might; four times each, at once."""
    body = bytes(64 * MIB)
    ids = f"{1:064x}"
    targets = [("POST", "/builds", "laptop"), ("POST", "/auth/exchange-token", None), ("PUT", f"/action/{ids}", "main"),
               ("PUT", f"/output/{ids}", "pull"), ("GET", f"/action/{ids}", "laptop"), ("POST", "/actuator/gocache/evict", "admin"),
               ("DELETE", f"/actuator/gocache/action/{ids}", "admin"), ("POST", "/actuator/loggers/x", "admin")]

    def one(i):
        method, path, token = targets[i % len(targets)]
        headers = {"Content-Type": "application/json"}
        return Client(server, SECRETS.get(token), 60).request(method, path, body, headers)[0]

    return statuses(4 * len(targets), one)


def held_back(server, path, body, token):
    with socket.create_connection(("127.0.0.1", server.port), 60) as s:
        s.sendall(head("POST", path, len(body), token) + body[:-1000])
        time.sleep(8)
        s.sendall(body[-1000:])
        return int(s.recv(300).split(b" ")[1])


def statuses(count, request):
    """How many got which answer of so many requests at once."""
    seen = {}

    def one(i):
        try:
            return request(i)
        except (OSError, IndexError, ValueError):
            return "cut off"

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        for status in pool.map(one, range(count)):
            seen[status] = seen.get(status, 0) + 1
    return "answers: " + ", ".join(f"{count} × {status}" for status, count in seen.items())


def slow_readers(server, arguments):
    """300 starts of builds with one token whose answers are not read; starts of another token meanwhile."""
    actions = put_all(server, SECRETS["main"], 32, MIB)
    used = (32).to_bytes(2, "big") + b"".join(b"\1" + bytes.fromhex(action) for action in actions)
    headers = {"Content-Type": "application/json"}
    Client(server, SECRETS["main"]).request("POST", "/prefetch/used", end_of_build("slow", used), headers)
    body = json.dumps({"build": {"module": "slow"}}).encode()
    crowd = Crowd(server, 0, None)
    for _ in range(300):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", server.port))
        s.sendall(head("POST", "/prefetch", len(body), SECRETS["laptop"]) + body)
        crowd.sockets.append(s)
    other, seen, end = Client(server, SECRETS["other"]), {}, time.time() + arguments.seconds
    while time.time() < end:
        try:
            status = other.request("POST", "/prefetch", body, headers)[0]
        except OSError:
            status = "timed out"
        seen[status] = seen.get(status, 0) + 1
        time.sleep(0.5)
    crowd.close()
    return "another token's starts: " + ", ".join(f"{count} × {status}" for status, count in seen.items())


def namespaces(server, arguments):
    """One Put each into so many namespaces."""
    numbers, seen, lock = iter(range(arguments.namespaces)), {}, threading.Lock()

    def work():
        client = Client(server, timeout=30)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            client.token = session(str(number))
            try:
                status = client.put(os.urandom(32).hex(), b"small" * 50)
            except OSError:
                status = "timed out"
            with lock:
                seen[status] = seen.get(status, 0) + 1

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    begin = time.perf_counter()
    status, body = Client(server, SECRETS["admin"], 60).request("GET", "/actuator/prometheus")
    seconds = time.perf_counter() - begin
    return (", ".join(f"{count} × {status}" for status, count in seen.items())
            + f"; metrics {status}, {len(body) // 1024} KiB in {seconds:.1f} s")
