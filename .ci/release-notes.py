"""Prints what CHANGELOG.md says of a version, which pom.xml and the chart must have too: release-notes.py VERSION"""

import pathlib
import re
import sys


def found(file, pattern):
    match = re.search(pattern, pathlib.Path(file).read_text(), re.MULTILINE)
    return match.group(1) if match else None


def main():
    version = sys.argv[1]
    places = {
        "pom.xml": found("pom.xml", r"<artifactId>go-cache-server</artifactId>\s*<version>([^<]+)</version>"),
        "version of the chart": found("helm/go-cache-server/Chart.yaml", r"^version: (\S+)$"),
        "appVersion of the chart": found("helm/go-cache-server/Chart.yaml", r"^appVersion: (\S+)$"),
        "Dockerfile": found("Dockerfile", r"^ARG VERSION=(\S+)$"),
    }
    wrong = [f"{place} has {is_}" for place, is_ in places.items() if is_ != version]
    if wrong:
        sys.exit(f"version {version}, but " + ", ".join(wrong))
    notes = found("CHANGELOG.md", rf"^## {re.escape(version)}\b[^\n]*\n((?:(?!## )[^\n]*\n?)*)")
    if not notes or not notes.strip():
        sys.exit(f"CHANGELOG.md says nothing of {version}")
    print(notes.strip())


main()
