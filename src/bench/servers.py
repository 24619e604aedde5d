"""Servers under test: start, CPU time, end."""

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TICKS = os.sysconf("SC_CLK_TCK")


def log(*words):
    print(*words, file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def java():
    """A java of version 25 or newer, by the release file beside it."""
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*")) + ["/opt/java/openjdk"]
    for home in homes:
        try:
            for line in open(f"{home}/release"):
                if line.startswith("JAVA_VERSION=") and int(line.split('"')[1].split(".")[0]) >= 25:
                    return f"{home}/bin/java"
        except (OSError, ValueError):
            pass
    raise SystemExit("no JDK 25 found: set JAVA_HOME")


class Server:
    """One server process on a free port of loopback, with a data directory of its own."""

    def __init__(self, name, command):
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = tempfile.mkdtemp(prefix=f"bench-{name}-")
        out = open(f"{self.data}.log", "wb")
        words = [w.format(port=self.port, data=self.data) for w in command]
        self.process = subprocess.Popen(words, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        self._await_port()

    def _await_port(self):
        end = time.time() + 60
        while time.time() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not listen; see {self.data}.log")

    def cpu_seconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_mib(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.data, ignore_errors=True)


def service(java_options=()):
    jar = f"{ROOT}/target/go-cache-server.jar"
    if not os.path.exists(jar):
        raise SystemExit("no target/go-cache-server.jar: run ./mvnw -DskipTests package")
    return Server("service", [java(), *java_options, "-jar", jar, "--server.port={port}",
                              "--cache-server.disk.path={data}", "--cache-server.shutdown.delay=0s"])


def gocached():
    return Server("gocached", ["gocached", "--cache-dir={data}", "--listen=127.0.0.1:{port}"])
