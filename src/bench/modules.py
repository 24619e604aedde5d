#!/usr/bin/env python3
"""Go modules through the service.

crowd: many clients ask at once for one large zip that the service does not have yet. How often the upstream is asked, what a
download costs the service, and what it holds in memory meanwhile; beside nginx, where that is installed, with the zip as a file.

runner: a fresh runner, with an empty GOMODCACHE, gets all modules of a program: from the upstream alone, and from /mod when the
service has none of them and when it has all. With --build it also compiles, with an empty GOCACHE: without and with the cache. At
a distance the same is done with all files of modules on this machine already: what bringing them ahead could save at most.
"""

import argparse
import http.server
import io
import os
import random
import resource
import selectors
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import zipfile

import go_builds
import programs
import servers

NAME = "example.com/large/@v/v1.0.0.zip"


class Upstream:
    """A module proxy that has one zip, and counts its requests."""

    def __init__(self, size):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("example.com/large@v1.0.0/data", random.Random(1).randbytes(size))
        zip_bytes, requests = data.getvalue(), []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                requests.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", str(len(zip_bytes)))
                self.end_headers()
                self.wfile.write(zip_bytes)

            def log_message(self, *_):
                pass

        self.zip, self.size, self.requests = zip_bytes, len(zip_bytes), requests
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def download_at_once(port, clients):
    """Bytes of body that each client got; all begin before any reads."""
    request = f"GET /mod/{NAME} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    buffer, got, selector = bytearray(1 << 20), {}, selectors.DefaultSelector()
    for _ in range(clients):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(request)
        client.setblocking(False)
        got[client] = [b"", 0]
        selector.register(client, selectors.EVENT_READ)
    done = []
    while got:
        for key, _ in selector.select():
            client = key.fileobj
            count = client.recv_into(buffer)
            head, body = got[client]
            if count == 0:
                selector.unregister(client)
                client.close()
                done.append(got.pop(client)[1])
            elif b"\r\n\r\n" in head:
                got[client][1] = body + count
            else:
                head += bytes(buffer[:count])
                got[client] = [head, max(0, len(head) - head.find(b"\r\n\r\n") - 4)]
                if b"\r\n\r\n" in head and not head.startswith(b"HTTP/1.1 200"):
                    raise SystemExit(head[:300])
    return done


def crowd(args):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    upstream = Upstream(args.size_mb * 1_000_000)
    server = servers.service([f"-Xmx{args.heap_mb}m"], {"CACHESERVER_MODULES_UPSTREAM": upstream.url})
    try:
        for title, clients in (("all at once, cold", args.clients), ("all at once, warm", args.clients), ("one, warm", 1)):
            report(server, upstream, title, clients)
    finally:
        server.stop()
    if binary := shutil.which(args.nginx):
        server = nginx(binary, upstream.zip)
        try:
            for title, clients in (("nginx", args.clients), ("nginx, one", 1)):
                report(server, upstream, title, clients)
        finally:
            server.stop()
    else:
        print(f"no {args.nginx} is installed")


def nginx(binary, zip_bytes):
    """One process of nginx that has the zip as a file, and sends it as it does best."""
    data = tempfile.mkdtemp(prefix="bench-nginx-")
    os.chmod(data, 0o755)
    os.makedirs(os.path.dirname(f"{data}/mod/{NAME}"))
    with open(f"{data}/mod/{NAME}", "wb") as file:
        file.write(zip_bytes)
    temporary = "".join(f"{each}_temp_path {data}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    server = servers.Server("nginx", [binary, "-p", data, "-c", f"{data}/nginx.conf", "-e", "stderr"], data)
    with open(f"{data}/nginx.conf", "w") as file:
        file.write(f"daemon off; master_process off; pid {data}/pid; events {{ worker_connections 4096; }}\n"
                   f"http {{ access_log off; sendfile on; tcp_nopush on; {temporary}\n"
                   f"server {{ listen 127.0.0.1:{server.port} backlog=1024; root {data}; }} }}\n")
    return server.start()


def report(server, upstream, title, clients):
    asked, cpu, rss, begin = len(upstream.requests), server.cpu_seconds(), server.rss_mib(), time.perf_counter()
    stop, peak = threading.Event(), [rss]

    def watch():
        while not stop.wait(0.2):
            peak[0] = max(peak[0], server.rss_mib())

    watcher = threading.Thread(target=watch)
    watcher.start()
    got = download_at_once(server.port, clients)
    stop.set()
    watcher.join()
    wall, cpu = time.perf_counter() - begin, server.cpu_seconds() - cpu
    if got != [upstream.size] * clients:
        raise SystemExit(f"{title}: not all bytes came: {sorted(set(got))}, not {upstream.size}")
    print(f"{title:20} {clients:4} clients: upstream asked {len(upstream.requests) - asked} times, {wall:6.1f} s, "
          f"CPU {cpu:6.2f} s ({1000 * cpu / clients:6.1f} ms each), RSS {rss:4.0f} to at most {peak[0]:4.0f} MiB", flush=True)


def runner(args):
    work = tempfile.mkdtemp(prefix="modules-")
    upstream = subprocess.run(["go", "env", "GOPROXY"], capture_output=True, text=True, check=True).stdout.strip()
    program = programs.known()[args.program].prepare(work)
    server = servers.service((), {"CACHESERVER_MODULES_UPSTREAM": upstream})
    relay = servers.Relay(server, args.rtt_ms) if args.rtt_ms else None
    try:
        url = (relay or server).url
        cases = [("upstream alone", upstream, None), ("/mod, which has none", f"{server.url}/mod", None),
                 ("/mod, which has all", f"{server.url}/mod", None)]
        if relay:
            cases.append((f"the same at {args.rtt_ms:g} ms", f"{url}/mod", None))
        if args.build:
            cases += [("/mod and cache, first", f"{url}/mod", url), ("/mod and cache, next", f"{url}/mod", url)]
        if args.build and relay:
            cases.append(("the same without delay", f"{server.url}/mod", server.url))
        if relay:
            print_runner("", program, work, f"{server.url}/mod", None, False, server, keep=f"{work}/local")
            cases.append(("files here already", f"file://{work}/local/modules/cache/download", args.build and url))
        # Those that compile everything take minutes, most of them the Go command's own; the others take turns.
        cold = [case for case in cases if args.build and (case[2] is None or case[0].endswith("first"))]
        if args.warm:
            cold = [case for case in cold if case[2]]
            cases = [case for case in cases if case[2]]
        for round_cases in [cold] + [[case for case in cases if case not in cold]] * args.rounds:
            for title, proxy, cache in round_cases:
                print_runner(title, program, work, proxy, cache, args.build, server)
            servers.remove_discarded()
    finally:
        if relay:
            relay.stop()
        server.stop()
        shutil.rmtree(work, ignore_errors=True)


def print_runner(title, program, work, proxy, cache, build, server, keep=None):
    home = keep or tempfile.mkdtemp(dir=work)
    env = {"GOMODCACHE": f"{home}/modules", "GOCACHE": f"{home}/cache", "GOPROXY": proxy, "GOTOOLCHAIN": "local",
           "GOFLAGS": "-mod=mod -buildvcs=false -modcacherw -trimpath"} # each has a folder of its own
    if cache:
        env["GOCACHEPROG"] = f"{go_builds.ADAPTER} --server {cache} --cache-dir {home}/cache"
        env["CACHESERVER_RESIDENT"] = "off"
    before, cpu, begin = resource.getrusage(resource.RUSAGE_CHILDREN), server.cpu_seconds(), time.perf_counter()
    if build:
        program.go("build", "-o", os.devnull, program.package, **env)
    else:
        program.go("list", "-deps", program.package, **env)
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    modules = sum(name.endswith(".zip") for _, _, files in os.walk(f"{home}/modules/cache/download") for name in files)
    if not keep:
        print(f"{title:24} {modules:4} zips: {wall:6.1f} s, CPU of Go {own:6.1f} s, of the service "
              f"{server.cpu_seconds() - cpu:5.2f} s", flush=True)
        servers.discard(home)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True)
    mode = modes.add_parser("crowd")
    mode.add_argument("--clients", type=int, default=500)
    mode.add_argument("--size-mb", type=int, default=100)
    mode.add_argument("--heap-mb", type=int, default=256)
    mode.add_argument("--nginx", default="nginx", help="its program")
    mode.set_defaults(run=crowd)
    mode = modes.add_parser("runner")
    mode.add_argument("--program", default="helm", choices=sorted(programs.known()))
    mode.add_argument("--rtt-ms", type=float, default=0)
    mode.add_argument("--rounds", type=int, default=1)
    mode.add_argument("--build", action="store_true")
    mode.add_argument("--warm", action="store_true", help="with --build: only with the cache")
    mode.set_defaults(run=runner)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
