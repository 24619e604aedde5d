#!/usr/bin/env python3
"""Real builds of six modules, by CI jobs on fresh machines and by people, on branches of Git checkouts; some while the service is
away. Then their times are spread over the last days, as a team's week has them, and pictures of the page are taken in Chromium:
overview, builds, one build, packages, storage; on a phone, in the dark, with S3 down."""

import argparse
import base64
import datetime
import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

import go_builds
import servers

MODULES = {  # name: packages, how often it is built
    "github.com/acme/shop/checkout": (24, 12), "github.com/acme/shop/search": (16, 8),
    "github.com/acme/platform/billing-reconciliation-and-dunning-service/v3": (20, 5), "github.com/acme/tools": (6, 3),
    "gitlab.example.com/infrastructure/kubernetes/operators/certificate-rotation": (10, 3), "example.com/legacy/monolith": (30, 1)}
LIBRARIES = ["encoding/json", "net/http", "text/template", "regexp", "database/sql", "archive/zip", "go/format", "math/big"]
BRANCHES = ["main", "main", "main", "feature/refunds", "fix/timeout-of-payment-provider", "renovate/all-minor-patch"]
JOBS = {"build": ["build", "./..."], "test": ["test", "./..."], "lint": ["vet", "./..."]}
TOKENS = {"ci": "ci-secret-0123456789", "ada": "ada-secret-0123456789", "grace": "grace-secret-0123456789"}


class Module:
    def __init__(self, folder, name, size):
        self.folder, self.size = folder, size
        self.write("go.mod", f"module {name}\n\ngo 1.24\n")
        self.write(".gitignore", "")
        for i in range(size):
            imports = {f"{name}/internal/{self.part(j)}" for j in random.sample(range(i), min(i, 3))}
            imports.add(LIBRARIES[i % len(LIBRARIES)])
            lines = "".join(f'\t_ "{each}"\n' for each in sorted(imports))
            code = "".join(f"func F{n}(x int) int {{ if x < {n} {{ return x*{n} }}; return F{max(0, n - 1)}(x - 1) }}\n" for n in range(60))
            self.write(f"internal/{self.part(i)}/code.go", f"package {self.part(i)}\n\nimport (\n{lines})\n\n{code}")
            self.write(f"internal/{self.part(i)}/code_test.go",
                       f'package {self.part(i)}\n\nimport "testing"\n\nfunc Test(t *testing.T) {{ F1(3) }}\n')
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        subprocess.run(["git", "remote", "add", "origin", f"https://{name}.git"], cwd=folder, check=True)

    @staticmethod
    def part(number):
        return ["orders", "payments", "catalog", "pricing", "ledger", "audit"][number % 6] + str(number // 6 or "")

    def write(self, name, text):
        path = f"{self.folder}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def edit(self, number):
        """Somebody works, mostly on what few others import."""
        place = min(self.size - 1, int(self.size * random.triangular(0, 1, 0.95)))
        with open(f"{self.folder}/internal/{self.part(place)}/code.go", "a", encoding="utf-8") as file:
            file.write(f"\nfunc Edit{number}() int {{ return {number} }}\n")

    def check_out(self, branch):
        subprocess.run(["git", "symbolic-ref", "HEAD", f"refs/heads/{branch}"], cwd=self.folder, check=True)


def build(work, module, number, url, socket, client, edited):
    job = random.choices(list(JOBS), [5, 4, 2])[0]
    branch = random.choice(BRANCHES)
    module.check_out(branch)
    if edited or random.random() < 0.6:
        module.edit(number)
    ci = client == "ci"
    cache = f"{work}/cache-{number if ci else client}"
    os.makedirs(cache, exist_ok=True)
    variables = {"GITHUB_JOB": job} if ci else {}
    words = list(JOBS[job])
    if "legacy" in module.folder:
        words[1:1] = ["-gcflags=all=-l -d=ssa/check/seed=" + str(number)]  # never the same
    elif random.random() < 0.05:
        variables["GOAMD64"] = "v3"
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-trimpath -buildvcs=false", "GOTOOLCHAIN": "local",
                   "GOCACHEPROG": f"{go_builds.ADAPTER} --server {url} --cache-dir {cache} --time-budget=0",
                   "CACHESERVER_TOKEN": TOKENS[client], "CACHESERVER_SOCKET": socket, "CACHESERVER_RESIDENT": "use", **variables}
    subprocess.run(["go", *words], cwd=module.folder, env=environment, capture_output=True, check=False)
    if ci:
        servers.discard(cache)


def spread(file, days, now):
    """Gives the builds times of working days, in their order, and sums the days up again."""
    with sqlite3.connect(file) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM build ORDER BY id")]
        hours = [now - datetime.timedelta(hours=h) for h in range(24 * days)]
        weights = [(1 if 8 <= h.hour < 19 else 0.05) * (0.12 if h.weekday() > 4 else 1) for h in hours]
        times = sorted(h - datetime.timedelta(minutes=random.random() * 55) for h in random.choices(hours, weights, k=len(ids)))
        for number, ended in zip(ids, times):
            iso = ended.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            database.execute("UPDATE build SET report = json_set(report, '$.received', ?) WHERE id = ?", (iso, number))
        database.execute("DELETE FROM day")
        columns = ["serviceHits", "serviceFailures", "waitMillis", "savedMillis", "bytesFetched", "bytesUploaded"]
        sums = ", ".join(f"sum(report ->> '{name}')" for name in columns)
        database.execute(f"""INSERT INTO day SELECT substr(report ->> 'received', 1, 10), coalesce(module, ''), namespace,
                             count(*), sum((report ->> 'serviceHits') + (report ->> 'misses')), {sums}, ''
                             FROM build GROUP BY 1, 2, 3""")


class Browser:
    """Chromium, by the few commands of its driver that pictures need."""

    def __init__(self, work):
        self.port = servers.free_port()
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{self.port}/session"
        for _ in range(100):
            try:
                options = {"args": ["--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={work}/browser"]}
                always = {"browserName": "chrome", "goog:chromeOptions": options}
                self.base += "/" + self.post("", {"capabilities": {"alwaysMatch": always}})["sessionId"]
                return
            except OSError:
                time.sleep(0.1)

    def post(self, path, body):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def devtools(self, command, **parameters):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def run(self, script):
        return self.post("/execute/sync", {"script": script, "args": []})

    def picture(self, file, url, token, width=1280, dark=False, wanted="main h1"):
        size = {"width": width, "height": 900, "deviceScaleFactor": 2 if width < 500 else 1, "mobile": width < 500}
        self.devtools("Emulation.setDeviceMetricsOverride", **size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.devtools("Emulation.setEmulatedMedia", features=scheme)
        self.post("/url", {"url": url.split("#")[0] + "status.json"})
        self.run(f"sessionStorage.setItem('go-cache-server-token', '{token}')")
        self.post("/url", {"url": url})
        for _ in range(150):
            if self.run(f"return document.querySelector(\"{wanted}\") !== null"):
                break
            time.sleep(0.2)
        time.sleep(0.5)
        size["height"] = self.run("return document.documentElement.scrollHeight")
        self.devtools("Emulation.setDeviceMetricsOverride", **size)
        time.sleep(0.3)
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.devtools("Page.captureScreenshot")["data"]))

    def stop(self):
        urllib.request.urlopen(urllib.request.Request(self.base, method="DELETE"), timeout=60).close()
        self.driver.terminate()
        self.driver.wait()


def pictures(folder, url, bucket, work, build_id):
    token, browser = "watch-secret-0123456789", Browser(work)
    try:
        views = {"overview": "", "builds": "#/builds", "build": f"#/build/{build_id}", "packages": "#/packages", "storage": "#/storage"}
        for name, view in views.items():
            browser.picture(f"{folder}/week-{name}.png", f"{url}/{view}", token)
            browser.picture(f"{folder}/week-{name}-phone.png", f"{url}/{view}", token, width=390, dark=name != "overview")
        browser.picture(f"{folder}/week-overview-dark.png", f"{url}/", token, dark=True)
        bucket.end()
        browser.picture(f"{folder}/week-s3-down.png", f"{url}/", token, wanted="#problems .bad")
    finally:
        browser.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=int, default=150)
    parser.add_argument("--days", type=int, default=12)
    parser.add_argument("--pictures", default=f"{servers.ROOT}/target/screenshots")
    options = parser.parse_args()
    random.seed(7)
    work = tempfile.mkdtemp(prefix="busy-week-")
    bucket = servers.Bucket().start()
    tokens = [(name, secret, "read-write") for name, secret in TOKENS.items()] + [("watch", "watch-secret-0123456789", "observe")]
    settings = {f"CACHESERVER_AUTH_TOKENS_{i}_{key}": value for i, token in enumerate(tokens)
                for key, value in zip(("NAME", "SECRET", "ACCESS"), token)}
    server = servers.service_process(settings={**settings, **bucket.settings()}).start()
    resident = servers.resident(go_builds.ADAPTER, f"{work}/socket")
    try:
        modules = [Module(f"{work}/{name.replace('/', '-')}", name, size) for name, (size, _) in MODULES.items()]
        away = {options.builds // 3, options.builds - 4}
        for number in range(options.builds):
            module = random.choices(modules, [often for _, often in MODULES.values()])[0]
            # what a CI machine could not report goes with it; a person's machine reports it with the next build
            client = "ada" if number in away or number - 1 in away else random.choices(list(TOKENS), [8, 2, 1])[0]
            url = f"http://127.0.0.1:{servers.free_port()}" if number in away else server.url
            build(work, module, number, url, f"{work}/socket", client, number in away)
            if number % 10 == 9:
                servers.log(f"{number + 1} builds")
        time.sleep(8)  # packages are named after a build
        server.end()
        spread(f"{server.data}/builds.db", options.days, datetime.datetime.now(datetime.timezone.utc))
        with sqlite3.connect(f"{server.data}/builds.db") as database:
            best = database.execute("SELECT id FROM build ORDER BY length(coalesce(roots, '')) DESC LIMIT 1").fetchone()[0]
        server.start()
        os.makedirs(options.pictures, exist_ok=True)
        pictures(options.pictures, server.url, bucket, work, best)
    finally:
        resident.terminate()
        resident.wait()
        server.stop()
        bucket.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
