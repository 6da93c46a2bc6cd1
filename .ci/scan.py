"""Holds what kube-score and checkov find in dist/ and in more installations against the list of exceptions.

Usage: scan.py EXCEPTIONS FOLDER...
A finding that no line of the list names fails, and so does a line that names no finding any more.
Environment: KUBE_SCORE, CHECKOV: the two programs
Exit status: 0 as the list says, 1 not, 2 a scanner did not run
"""

import fnmatch
import json
import os
import pathlib
import subprocess
import sys


def run(command: list) -> str:
    result = subprocess.run(command, capture_output=True, text=True)
    if not result.stdout.strip():
        sys.exit(f"{command[0]}: no result, status {result.returncode}: {result.stderr.strip()[-2000:]}") if result.stderr else sys.exit(2)
    return result.stdout


def kube_score(manifests: list) -> list:
    """As "kube-score CHECK KIND/NAME"; a warning of it counts as a critical one does."""
    found = []
    for scored in json.loads(run([os.environ["KUBE_SCORE"], "score", "--output-format", "json", *manifests])):
        name = f"{scored['type_meta']['kind']}/{scored['object_meta']['name']}"
        for check in scored["checks"] or []:
            if not check["skipped"] and check["grade"] < 10:
                found.append(f"kube-score {check['check']['id']} {name}")
    return found


def checkov(folder: str) -> list:
    """As "checkov CHECK KIND/NAME", and for its search for secrets "checkov CHECK FILE"."""
    reports = json.loads(run([os.environ["CHECKOV"], "--directory", folder, "--framework", "kubernetes", "secrets", "--output", "json",
                              "--compact", "--quiet", "--soft-fail", "--skip-download"]))
    found = []
    for report in reports if isinstance(reports, list) else [reports]:
        for failed in report.get("results", {}).get("failed_checks", []):
            parts = failed["resource"].split(".")
            place = f"{parts[0]}/{'.'.join(parts[2:])}" if report["check_type"] == "kubernetes" else failed["file_path"].lstrip("/")
            found.append(f"checkov {failed['check_id']} {place}")
    return found


def exceptions(path: str) -> dict:
    """Pattern to reason: "TOOL CHECK OBJECT | reason", an asterisk for any text."""
    listed = {}
    for line in pathlib.Path(path).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, reason = line.partition("|")
            if not reason.strip():
                sys.exit(f"{path}: no reason: {line}")
            listed[" ".join(pattern.split())] = reason.strip()
    return listed


def main(path: str, folders: list) -> int:
    listed = exceptions(path)
    used, unknown = set(), set()
    for folder in folders:
        manifests = sorted(str(file) for file in pathlib.Path(folder).glob("*-*.yaml"))
        found = kube_score(manifests) + checkov(folder)
        print(f"{folder}: {len(found)} findings")
        for finding in found:
            matching = [pattern for pattern in listed if fnmatch.fnmatchcase(finding, pattern)]
            used.update(matching)
            if not matching:
                unknown.add(f"{folder}: {finding}")
    for finding in sorted(unknown):
        print(f"not excepted: {finding}")
    unneeded = sorted(set(listed) - used)
    for pattern in unneeded:
        print(f"no longer needed in {path}: {pattern}")
    return 1 if unknown or unneeded else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
