#!/usr/bin/env python3
"""The Go command's own script tests of modules, with this service as their GOPROXY.

cmd/go's tests bring a module proxy and checksum database of their own. They run twice, in a copy of GOROOT that is changed to
take another GOPROXY from the environment: against that proxy, and against /mod of a service whose upstream it is. What passes only
directly is printed with its output. Requests that no proxy gets (the test proxy's faults on demand, such as /mod/404/) go to
it directly both times.
"""

import argparse
import http.server
import os
import re
import shutil
import subprocess
import tempfile
import threading

import servers

DIRECTLY = re.compile(r"/mod/(invalid|redirect|sumdb-[a-z0-9]+|\d+|quiet)/")


def switch(test_proxy, service):
    """A proxy that redirects each request to one of the two."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            to = test_proxy if DIRECTLY.match(self.path) or not service else service
            self.send_response(307)
            self.send_header("Location", to + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/mod"


def copied_goroot(work):
    goroot = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
    copy = f"{work}/go"
    shutil.copytree(goroot, copy, symlinks=True)
    test = f"{copy}/src/cmd/go/script_test.go"
    with open(test) as file:
        source = file.read()
    changed = source.replace('"GOPROXY=" + proxyURL,', '"GOPROXY=" + os.Getenv("GOPROXY_OF_SCRIPTS"),')
    if changed == source:
        raise SystemExit(f"{test} does not set GOPROXY as expected")
    with open(test, "w") as file:
        file.write(changed)
    return copy


def run(binary, goroot, proxy, pattern):
    """What became of each script."""
    env = {**os.environ, "GOPROXY_OF_SCRIPTS": proxy, "GOROOT": goroot, "PATH": f"{goroot}/bin:{os.environ['PATH']}"}
    done = subprocess.run([binary, "-test.run", f"TestScript/{pattern}", "-test.v", "-test.timeout=30m"], cwd=f"{goroot}/src/cmd/go",
                          env=env, capture_output=True, text=True, errors="replace")
    output = done.stdout + done.stderr
    results = dict((name, what) for what, name in re.findall(r"--- (PASS|FAIL|SKIP): TestScript/(\S+)", output))
    if not results:
        raise SystemExit(output[-3000:])
    return results, output


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pattern", default="^(mod_|gotoolchain|get_|sum_|install_|proxy)", help="of the scripts' names")
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix="mod-scripts-")
    goroot = copied_goroot(work)
    binary = f"{work}/go.test"
    subprocess.run([f"{goroot}/bin/go", "test", "-c", "-o", binary, "."], cwd=f"{goroot}/src/cmd/go", check=True,
                   env={**os.environ, "GOROOT": goroot})
    test_proxy = f"http://127.0.0.1:{servers.free_port()}"
    upstream = subprocess.Popen([binary, "-proxy", test_proxy.removeprefix("http://")], cwd=f"{goroot}/src/cmd/go",
                                env={**os.environ, "GOROOT": goroot, "PATH": f"{goroot}/bin:{os.environ['PATH']}"},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = servers.service((), {"CACHESERVER_MODULES_UPSTREAM": f"{test_proxy}/mod"})
    try:
        direct, _ = run(binary, goroot, switch(test_proxy, None), args.pattern)
        through, _ = run(binary, goroot, switch(test_proxy, server.url), args.pattern)
        passed = [name for name, what in direct.items() if what == "PASS"]
        lost = [name for name in passed if through.get(name) != "PASS"]
        for name in lost:
            _, output = run(binary, goroot, switch(test_proxy, server.url), f"^{name}$")
            print(f"## {name}\n{output[-2500:]}\n", flush=True)
    finally:
        upstream.kill()
        server.stop()
        shutil.rmtree(work, ignore_errors=True)
    print(f"{len(direct)} scripts: {len(passed)} pass directly, {len(passed) - len(lost)} of these through the service")


if __name__ == "__main__":
    main()
