#!/usr/bin/env python3
"""CPU per small Get without tokens, with a static token, and with a JWT, side by side: three services over the same objects."""

import argparse
import base64
import hashlib
import http.server
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

import http_load
import servers

SECRET = "bench-" + hashlib.sha256(b"bench").hexdigest()
AUDIENCE = "bench"


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """An OpenID Connect issuer with one RSA key, made and used by the program openssl."""

    def __init__(self, work):
        self.key = f"{work}/key.pem"
        self.work = work
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                                 capture_output=True, text=True).stdout.strip().split("=")[1]
        jwk = {"kty": "RSA", "kid": "bench", "alg": "RS256", "use": "sig", "e": "AQAB", "n": url64(bytes.fromhex(modulus))}
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"keys": [jwk]} if self.path == "/keys"
                                  else {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self):
        """As long as those of GitHub Actions, and with the same claims."""
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": "repo:acme/app:ref:refs/heads/main", "repository": "acme/app",
                  "ref": "refs/heads/main", "exp": int(time.time()) + 7200, "run_id": "1", "padding": "x" * 900}
        header = {"alg": "RS256", "kid": "bench", "typ": "JWT"}
        signed = ".".join(url64(json.dumps(each).encode()) for each in (header, claims))
        path = f"{self.work}/signed"
        open(path, "w").write(signed)
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key, path], check=True,
                                   capture_output=True).stdout
        return f"{signed}.{url64(signature)}"


def service(name, options, token, data):
    server = servers.service_process(options, data=data).start()
    server.name = name
    server.token = token
    return server


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--warm-up", type=int, default=20)
    args = parser.parse_args()
    for program in ("wrk", "openssl"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is not installed")
    work = tempfile.mkdtemp(prefix="bench-token-")
    issuer = Issuer(work)
    first = servers.service([])
    http_load.seed(first, args.objects, work)
    first.end()
    tokens = ["-Dcache-server.auth.tokens[0].name=bench", f"-Dcache-server.auth.tokens[0].secret={SECRET}",
              "-Dcache-server.auth.issuers.bench.uri=" + issuer.url, f"-Dcache-server.auth.issuers.bench.audience={AUDIENCE}",
              "-Dcache-server.auth.rules[0].issuer=bench", "-Dcache-server.auth.rules[0].when=repository=acme/*"]
    running = []
    try:
        for name, options, token in (("none", [], None), ("static token", tokens, SECRET), ("JWT", tokens, issuer.token())):
            data = f"{work}/{len(running)}"
            shutil.copytree(first.data, data)
            running.append(service(name, options, token, data))
        results = {server.name: [] for server in running}
        for number in range(args.rounds + 1):
            for server in running:
                os.environ["TOKEN"] = server.token or ""
                seconds = args.warm_up if number == 0 else args.seconds
                result = http_load.measure(server, "small", seconds, work, number)
                if number:
                    assert not result["errors"], (server.name, result)
                    results[server.name].append(result["cpu"])
        print("| token | CPU µs/Get | of none, round by round (median) |\n|---|---|---|")
        for name, values in results.items():
            ratio = statistics.median(a / b for a, b in zip(values, results["none"]))
            print(f"| {name} | {statistics.median(values):.1f} | {ratio:.3f} |")
    finally:
        for server in running:
            server.stop()
        first.stop()
        issuer.server.shutdown()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
