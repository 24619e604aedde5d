"""Reads the reports of surefire and failsafe: every test class of the source tree must have run, with nothing skipped.

LocalStack is the exception, where no Docker engine is. Prints "N passed, N failed, N skipped" at the end.
"""

import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SOURCES = pathlib.Path("src/test/java")
REPORTS = [pathlib.Path("target/surefire-reports"), pathlib.Path("target/failsafe-reports")]
TEST_CLASS_ENDINGS = ("Test", "IT")
NEEDS_DOCKER = "LocalStack"


def docker_runs():
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def expected_classes():
    """Top-level test classes by file name; an abstract one is a suite for others."""
    for file in SOURCES.rglob("*.java"):
        if file.stem.endswith(TEST_CLASS_ENDINGS) and f"abstract class {file.stem}" not in file.read_text():
            yield ".".join(file.relative_to(SOURCES).with_suffix("").parts)


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    ran, wrong = set(), []
    docker = docker_runs()

    def may_skip(test_class):
        return NEEDS_DOCKER in test_class and not docker

    for report in sorted(path for folder in REPORTS for path in folder.glob("TEST-*.xml")):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            test_class, result = case.get("classname"), outcome(case)
            counts[result] += 1
            if result == "failed":
                wrong.append(f"failed: {test_class} {case.get('name')}")
            if result != "skipped":
                ran.add(test_class.split("$")[0])  # a nested class is part of its file's
            elif not may_skip(test_class):
                reason = case.find("skipped").get("message") or "no reason given"
                wrong.append(f"skipped: {test_class} {case.get('name')}: {reason}")
    wrong += [f"did not run: {name}" for name in sorted(expected_classes()) if name not in ran and not may_skip(name)]
    if not counts["passed"]:
        wrong.append("no test ran")
    for line in wrong:
        print(f".ci/run: {line}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if wrong else 0


sys.exit(main())
