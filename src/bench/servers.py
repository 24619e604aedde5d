"""Servers under test: start, CPU time, end."""

import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

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


def cpu_seconds(pid):
    """CPU time of a process with all its threads, in steps of 10 ms."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


_discarded = []


def discard(folder):
    """Leaves a cache to remove_discarded(). Removed between two builds it would slow down the second: ext4 gives away no
    inode that was freed in the last five seconds, and looks at each of them for each new file, which took the kernel
    1.5 s in a build that creates 2,600."""
    _discarded.append(folder)


def remove_discarded():
    """Removes what was discarded, and waits until that no longer shows."""
    while _discarded:
        shutil.rmtree(_discarded.pop(), ignore_errors=True)  # a resident process may still tidy up there
    time.sleep(6)


class Server:
    """One server process on a port of loopback, with a data directory of its own. The program can be started again and
    again, over the same data."""

    def __init__(self, name, command, data=None, environment=None):
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data or tempfile.mkdtemp(prefix=f"bench-{name}-")
        self.log = f"{self.data}.log"
        self.words = [w.format(port=self.port, data=self.data) for w in command]
        self.environment = {**os.environ, **{name: value.format(port=self.port, data=self.data)
                                             for name, value in (environment or {}).items()}}
        self.process = None

    def launch(self):
        """Starts the program, and does not wait for it."""
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(self.words, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                                            env=self.environment)
        return self

    def start(self):
        """Starts the program and waits until it listens."""
        self.launch()
        self.await_that(self.listens)
        return self

    def start_ready(self, seconds=60):
        """Starts the program and waits until it says that it is ready; seconds that it took."""
        begin = time.perf_counter()
        self.launch()
        self.await_that(lambda: self.listens() and self.is_ready(), seconds)
        return time.perf_counter() - begin

    def await_that(self, condition, seconds=60):
        end = time.time() + seconds
        while time.time() < end and self.process.poll() is None:
            if condition():
                return
            time.sleep(0.02)
        raise SystemExit(f"{self.name} {'did not get ready' if self.process.poll() is None else 'ended'}: see {self.log}")

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/actuator/health/readiness", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def metrics(self):
        """Sums of the service's meters over their tags, by Prometheus name."""
        sums = {}
        with urllib.request.urlopen(f"{self.url}/actuator/prometheus", timeout=30) as answer:
            for line in answer.read().decode().splitlines():
                if line and not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    name = name.split("{")[0]
                    sums[name] = sums.get(name, 0.0) + float(value)
        return sums

    def uploads_pending(self):
        metrics = self.metrics()
        return int(metrics["gocache_uploads_queued"] + metrics["gocache_uploads_running"])

    def await_uploads(self, seconds):
        """Waits until nothing is to be uploaded any more; seconds that it took."""
        begin = time.perf_counter()
        while pending := self.uploads_pending():
            if time.perf_counter() - begin > seconds:
                raise SystemExit(f"{pending} uploads are still pending after {seconds} s")
            time.sleep(0.2)
        return time.perf_counter() - begin

    def maintain(self, operation):
        """Starts an eviction ("evict") or a scrub ("scrub"); whether the service knows that."""
        request = urllib.request.Request(f"{self.url}/actuator/gocache/{operation}", method="POST", data=b"{}",
                                         headers={"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=30).close()
            return True
        except urllib.error.HTTPError as e:
            log(f"{operation}: {e}")
            return False

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def rss_mib(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def kill(self):
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def end(self):
        """SIGTERM, and SIGKILL if that does not help. The data stays."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def stop(self):
        """As end, and the data goes."""
        self.end()
        shutil.rmtree(self.data, ignore_errors=True)


def service_jar():
    jar = os.environ.get("GO_CACHE_SERVER_JAR", f"{ROOT}/target/go-cache-server.jar")
    if not os.path.exists(jar):
        raise SystemExit(f"no {jar}: run ./mvnw -DskipTests package")
    return jar


def fast_start(folder):
    """JVM options, the jar included, with which the service starts three times as fast: C1, and an AOT cache, which is made
    in that folder. For tests that start it often."""
    jar, options = f"{folder}/{os.path.basename(service_jar())}", ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    subprocess.run([java(), "-Djarmode=tools", "-jar", service_jar(), "extract", "--destination", folder, "--force"],
                   check=True, stdout=subprocess.DEVNULL)
    train = tempfile.mkdtemp(dir=folder)
    subprocess.run([java(), *options, f"-XX:AOTCacheOutput={folder}/aot", "-Dspring.context.exit=onRefresh", "-jar", jar,
                    f"--cache-server.disk.path={train}", "--server.port=0"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [*options, f"-XX:AOTCache={folder}/aot", "-jar", jar]


def service_process(java_options=(), settings=None, data=None):
    """The service, not started. Settings are environment variables."""
    java_options = list(java_options)
    if "-jar" not in java_options:
        java_options += ["-jar", service_jar()]
    return Server("service", [java(), *java_options], data, {
        "SERVER_PORT": "{port}", "CACHESERVER_DISK_PATH": "{data}", "CACHESERVER_SHUTDOWN_DELAY": "0s",
        **(settings or {})})


def service(java_options=(), settings=None):
    return service_process(java_options, settings).start()


def gocached():
    return Server("gocached", ["gocached", "--cache-dir={data}", "--listen=127.0.0.1:{port}"]).start()


class Relay:
    """A relay before a server that adds a round trip, and limits the bandwidth."""

    def __init__(self, server, rtt_ms, mbit=0):
        self.process = subprocess.Popen(
            [sys.executable, f"{ROOT}/src/bench/relay.py", "--to", f"127.0.0.1:{server.port}", "--rtt-ms", str(rtt_ms),
             "--mbit", str(mbit)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def carried(self):
        """What went through it so far: "up" and "down" in bytes, "connections"."""
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def resident(adapter, path):
    """The adapter's resident process on a socket, when it listens."""
    log = open(f"{path}.log", "wb")
    process = subprocess.Popen([adapter, "serve", "--socket", path], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    log.close()
    end = time.time() + 20
    while time.time() < end and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as s:
            try:
                s.connect(path)
                time.sleep(0.5)
                return process
            except OSError:
                time.sleep(0.05)
    raise SystemExit(f"the resident process did not get ready: see {path}.log")


class Bucket(Server):
    """An S3 server, versitygw, with one bucket, which is a folder: its files' paths are the keys."""

    NAME, ACCESS, SECRET, REGION = "build-cache", "bench-access", "bench-secret", "us-east-1"

    def __init__(self, data=None):
        if not shutil.which("versitygw"):
            raise SystemExit("no versitygw: go install github.com/versity/versitygw/cmd/versitygw@latest")
        super().__init__("versitygw", ["versitygw", "--access", self.ACCESS, "--secret", self.SECRET, "--port",
                                       "127.0.0.1:{port}", "--region", self.REGION, "--keep-alive", "posix", "{data}"],
                         data)
        self.folder = f"{self.data}/{self.NAME}"
        os.makedirs(self.folder)

    def settings(self):
        """With which a service uses it."""
        return {"CACHESERVER_S3_BUCKET": self.NAME, "SPRING_CLOUD_AWS_S3_ENDPOINT": self.url,
                "SPRING_CLOUD_AWS_S3_PATHSTYLEACCESSENABLED": "true", "SPRING_CLOUD_AWS_REGION_STATIC": self.REGION,
                "SPRING_CLOUD_AWS_CREDENTIALS_ACCESSKEY": self.ACCESS,
                "SPRING_CLOUD_AWS_CREDENTIALS_SECRETKEY": self.SECRET}
