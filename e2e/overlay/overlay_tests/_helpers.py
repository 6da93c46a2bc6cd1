"""What the tests of an overlay import in Airflow's repository: kubectl, and the data of a Secret."""

import json
import subprocess


def kubectl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["kubectl", *arguments], check=False, capture_output=True, text=True)


def get_secret_data(name: str, namespace: str) -> dict[str, str]:
    answer = kubectl("get", "secret", name, "--namespace", namespace, "--output", "json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout).get("data") or {}
