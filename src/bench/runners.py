"""Runners: a Go command with a helper, the helper's server, and the distance between them."""

import dataclasses
import os
import resource
import shutil
import tempfile
import time

import go_builds
import servers


@dataclasses.dataclass
class Cost:
    """Of one build: seconds of wall-clock, CPU of Go command, compilers, helper and resident process, CPU of the server,
    bytes on the wire to and from the client (None if nobody counted)."""

    wall: float
    cpu: float
    server_cpu: float
    down: int | None
    up: int | None
    connections: int | None


class Kind:
    """A sort of helper.

    command: of the helper, with {url} and {cache}; resident: None, "warm" (one process for all builds) or "new" (a new one
    for each build, started before the clock)
    """

    def __init__(self, name, command, start_server, resident=None):
        self.name, self.command, self.start_server, self.resident = name, command, start_server, resident


def kinds(flags, vearutop, service=servers.service):
    """All that can be run here, by name."""
    adapter = f"{go_builds.ADAPTER} --server {{url}} --cache-dir {{cache}} {flags}".strip()
    known = [Kind("adapter", adapter, service), Kind("resident", adapter, service, "warm"),
             Kind("new-resident", adapter, service, "new"), Kind("no-prefetch", f"{adapter} --prefetch-max-bytes 0", service)]
    if shutil.which("gocached") and shutil.which("go-cacher"):
        known.append(Kind("go-cacher", "go-cacher --cache-dir={cache} --cache-server={url}", servers.gocached))
    if vearutop:
        # A commit is what its manifests are kept under. By default it leaves out large objects, and compiles them again.
        known.append(Kind("vearutop", f"{vearutop} -quiet -cache-dir {{cache}} -remote-url {{url}} -preload -build-type bench"
                                      " -commit 1234567890 -max-file-bytes 1000000000",
                          lambda: servers.Server("vearutop", [vearutop, "-http", "127.0.0.1:{port}", "-cache-dir",
                                                              "{data}", "-max-file-bytes", "1000000000"]).start()))
    return {kind.name: kind for kind in known}


class Runner:
    """A helper of one kind at some distance from a server that runs already."""

    def __init__(self, kind, server, work, rtt_ms=0, mbit=0):
        self.kind, self.server, self.work = kind, server, work
        self.relay = servers.Relay(server, rtt_ms, mbit) if rtt_ms or mbit else None
        self.process = self.socket = None
        if kind.resident == "warm":
            self.start_resident()

    def start_resident(self):
        self.socket = tempfile.mkdtemp(dir=self.work) + "/socket"
        self.process = servers.resident(go_builds.ADAPTER, self.socket)

    def stop_resident(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def environment(self, cache, near=False):
        url = (self.relay if self.relay and not near else self.server).url
        # A server on localhost by name is for vearutop's helper one of another kind. This is an address of it, too.
        url = url.replace("127.0.0.1", "[::ffff:127.0.0.1]") if self.kind.name == "vearutop" else url
        variables = {"GOCACHEPROG": self.kind.command.format(url=url, cache=cache),
                     "CACHESERVER_RESIDENT": "use" if self.socket else "off"}
        if self.socket:
            variables["CACHESERVER_SOCKET"] = self.socket
        return variables

    def build(self, program, cache, near=False):
        """Builds; near: without the distance."""
        if self.kind.resident == "new":
            self.start_resident()
        relay = self.relay.carried() if self.relay else None
        server, resident = self.server.cpu_seconds(), self.resident_cpu()
        wall, cpu = timed(lambda: program.build(cache, **self.environment(cache, near)))
        resident = self.resident_cpu() - resident
        server = self.server.cpu_seconds() - server
        traffic = (None, None, None)
        if relay:
            now = self.relay.carried()
            traffic = tuple(now[name] - relay[name] for name in ("down", "up", "connections"))
        if self.kind.resident == "new":
            self.stop_resident()
        return Cost(wall, cpu + resident, server, *traffic)

    def resident_cpu(self):
        return servers.cpu_seconds(self.process.pid) if self.process else 0

    def stop(self):
        self.stop_resident()
        if self.relay:
            self.relay.stop()


def native(program, cache):
    wall, cpu = timed(lambda: program.build(cache))
    return Cost(wall, cpu, 0, None, None, None)


def timed(build):
    """(wall, cpu) of it, with the helpers that the Go command leaves behind."""
    known = children()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    build()
    wall = time.perf_counter() - start
    await_orphans(known)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def await_orphans(known, seconds=20):
    """Waits for all children of this process but those."""
    end = time.time() + seconds
    while time.time() < end:
        orphans = children() - known
        if not orphans:
            return
        for pid in orphans:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
        time.sleep(0.005)
    raise SystemExit(f"a helper has not ended: {children() - known}")


def children():
    found, me = set(), str(os.getpid())
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[1] == me:
                    found.add(int(pid))
        except OSError:
            pass
    return found
