"""Real programs from the Go module proxy, each as a checkout of its own module, so that its sources can be changed."""

import json
import os
import shutil
import subprocess


class Program:
    """A program's module, copied out of the module cache, and one package of it that many others import."""

    def __init__(self, name, module, version, package, changed):
        self.name, self.module, self.version, self.package, self.changed = name, module, version, package, changed
        self.folder = None
        self.changes = 0

    def go(self, *words, **env):
        return go(self.folder, *words, **env)

    def prepare(self, work):
        """Gets it and all that it imports into the module cache, and copies it below that folder."""
        self.folder = f"{work}/{self.name}"
        if os.path.exists(f"{self.folder}/go.mod"):
            self.restore()
            return self
        os.makedirs(work, exist_ok=True)
        told = json.loads(go(work, "mod", "download", "-json", f"{self.module}@{self.version}", GO111MODULE="on"))
        shutil.copytree(told["Dir"], self.folder, copy_function=shutil.copyfile)
        for folder, folders, files in os.walk(self.folder):
            for path in [folder, *(os.path.join(folder, file) for file in files)]:
                os.chmod(path, os.stat(path).st_mode | 0o200)
        self.packages()
        return self

    def packages(self):
        """Number of packages that it is built from."""
        return len(self.go("list", "-deps", self.package).split())

    def build(self, cache, **env):
        """Compiles it, and does not link it, which no cache saves."""
        self.go("build", "-o", os.devnull, self.package, GOCACHE=cache, GOPROXY="off", **env)

    def change(self):
        """Changes that package in a way that nobody has compiled yet."""
        self.changes += 1
        self.write(f"\nfunc BenchChange{os.getpid()}x{self.changes}() int {{ return {self.changes} }}\n")

    def restore(self):
        self.write(None)

    def write(self, declaration):
        folder = f"{self.folder}/{self.changed}"
        path = f"{folder}/zz_bench_change.go"
        if declaration is None:
            if os.path.exists(path):
                os.remove(path)
            return
        name = self.go("list", "-f", "{{.Name}}", f"./{self.changed}").strip()
        with open(path, "w") as file:
            file.write(f"package {name}\n{declaration}")


def go(folder, *words, **env):
    run = subprocess.run(["go", *words], cwd=folder, capture_output=True, text=True,
                         env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod -buildvcs=false", "GOWORK": "off", **env})
    told = [line for line in run.stderr.splitlines() if line.strip() and not line.startswith("go: downloading ")]
    if run.returncode or (told and words[0] == "build"):
        raise SystemExit(f"go {' '.join(words)}: {run.stderr[-2000:]}")
    return run.stdout


def known():
    """By name; about 100, 330, 670 and 1,200 packages, those of Go's library included."""
    return {program.name: program for program in (
        Program("fzf", "github.com/junegunn/fzf", "v0.65.2", ".", "src/util"),
        Program("glow", "github.com/charmbracelet/glow/v2", "v2.1.1", ".", "utils"),
        Program("gopls", "golang.org/x/tools/gopls", "v0.20.0", ".", "internal/cache/metadata"),
        Program("helm", "helm.sh/helm/v4", "v4.3.1", "./cmd/helm", "pkg/cli"),
    )}
