#!/usr/bin/env python3
"""golang.org/x/mod's own client of checksum databases, with /mod/sumdb/ of this service.

A Go program looks modules up by our URL alone: the client verifies the signature of each tree, that the records are in it, and that a
later tree goes on from an earlier one. It runs with the upstream that `go env GOPROXY` names, then with that gone and all it has
in memory forgotten, and once with another key, which must fail. Exit code 1 if anything is otherwise.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile

import servers

CLIENT = """
package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb"
)

// ops keeps files in memory, and reads all else below a URL.
type ops struct {
	url, key      string
	config, cache sync.Map
}

func (o *ops) ReadRemote(path string) ([]byte, error) {
	name, _, _ := strings.Cut(o.key, "+")
	answer, err := http.Get(o.url + name + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (o *ops) ReadConfig(file string) ([]byte, error) {
	if file == "key" {
		return []byte(o.key), nil
	}
	value, _ := o.config.LoadOrStore(file, "")
	return []byte(value.(string)), nil
}

func (o *ops) WriteConfig(file string, old, new []byte) error {
	if !o.config.CompareAndSwap(file, string(old), string(new)) {
		return sumdb.ErrWriteConflict
	}
	return nil
}

func (o *ops) ReadCache(file string) ([]byte, error) {
	if data, ok := o.cache.Load(file); ok {
		return data.([]byte), nil
	}
	return nil, errors.New("not there")
}

func (o *ops) WriteCache(file string, data []byte) { o.cache.Store(file, data) }
func (o *ops) Log(message string)                  { fmt.Fprintln(os.Stderr, message) }
func (o *ops) SecurityError(message string)        { panic(message) }

func main() {
	client := sumdb.NewClient(&ops{url: os.Args[1], key: os.Args[2]})
	for _, arg := range os.Args[3:] {
		module, version, _ := strings.Cut(arg, "@")
		lines, err := client.Lookup(module, version)
		if err != nil {
			panic(err)
		}
		fmt.Println(strings.Join(lines, "\\n"))
	}
}
"""


def go_env(name):
    return subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()


def key_of(database):
    """The key that the Go command has for it, unless GOSUMDB says one."""
    if "+" in database:
        return database.split()[0]
    with open(f"{go_env('GOROOT')}/src/cmd/go/internal/modfetch/key.go") as file:
        return re.search(rf'"{re.escape(database)}":\s+"([^"]+)"', file.read()).group(1)


def build(work):
    with open(f"{work}/main.go", "w") as file:
        file.write(CLIENT)
    env = {**os.environ, "GOFLAGS": "-mod=mod", "GOWORK": "off"}
    for words in (["mod", "init", "example.com/client"], ["get", "golang.org/x/mod@v0.29.0"], ["build", "-o", "client", "."]):
        subprocess.run(["go", *words], cwd=work, env=env, check=True, stderr=subprocess.DEVNULL)
    return f"{work}/client"


def look_up(client, server, key, modules):
    return subprocess.run([client, f"{server.url}/mod/sumdb/", key, *modules], capture_output=True, text=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=["golang.org/x/text@v0.3.0", "golang.org/x/text@v0.3.0/go.mod",
                                                       "golang.org/x/mod@v0.29.0", "github.com/BurntSushi/toml@v1.3.2"])
    modules = parser.parse_args().modules
    database, upstream = go_env("GOSUMDB"), go_env("GOPROXY")
    if database == "off":
        raise SystemExit("GOSUMDB is off: set it to a database that the proxy passes through")
    key, work = key_of(database), tempfile.mkdtemp(prefix="sumdb-")
    server = servers.service((), {"CACHESERVER_MODULES_UPSTREAM": upstream})
    try:
        client = build(work)
        first = look_up(client, server, key, modules)
        wrong = look_up(client, server, key[:-2] + ("AA" if key[-2:] != "AA" else "BB"), modules)
        server.end()
        gone = f"http://127.0.0.1:{servers.free_port()}"
        server = servers.service_process((), {"CACHESERVER_MODULES_UPSTREAM": gone}, server.data).start()
        second = look_up(client, server, key, modules)
    finally:
        server.stop()
        shutil.rmtree(work, ignore_errors=True)
    print(first.stdout + first.stderr, end="")
    if first.returncode or len(first.stdout.splitlines()) != len(modules):
        raise SystemExit("not all lines were found and verified")
    if second.returncode or second.stdout != first.stdout:
        raise SystemExit(f"with the upstream gone: {second.stdout}{second.stderr}")
    if not wrong.returncode:
        raise SystemExit("another key was taken for that of the database")
    print(f"{len(modules)} lines verified, the same with the upstream gone; another key is refused")


if __name__ == "__main__":
    main()
