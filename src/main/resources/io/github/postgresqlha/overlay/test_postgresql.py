"""Behavioural smoke test of this overlay, for chart/tests/overlay_tests/ of Airflow's repository.

Run by ``breeze k8s smoke-test-overlay``, after the ``verify:`` block of STATUS.yaml has passed. The client is a pod with the
label of Airflow's own pods, on the overlay's own image.
"""

from __future__ import annotations

import base64
import json
import uuid

import pytest

from overlay_tests._helpers import get_secret_data, kubectl

IMAGE = "{{IMAGE}}"

# By the files that Airflow's pods get: no password is an argument.
CONNECT = (
    'export PGPASSWORD="$(cat /connection/password)"; psql -XAtqw -v ON_ERROR_STOP=1 '
    '-d "host=$PRIMARY,$STANDBY target_session_attrs=read-write user=$PGUSER dbname=$PGDATABASE '
    'sslmode=verify-full sslrootcert=/authority/ca.crt connect_timeout=5"'
)


@pytest.fixture
def installation(overlay_release_name) -> str:
    return f"{overlay_release_name}-{{NAME}}"


@pytest.fixture
def ask_as(installation, overlay_namespace):
    """Run SQL in a pod with these labels; give its exit status and what it printed."""
    pods: list[str] = []

    def ask(sql: str, labels: str) -> tuple[int, str]:
        pod = f"overlay-pod-{uuid.uuid4().hex[:8]}"
        pods.append(pod)
        spec = {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "securityContext": {"runAsNonRoot": True, "runAsUser": 999, "seccompProfile": {"type": "RuntimeDefault"}},
            "volumes": [
                {"name": "connection", "secret": {"secretName": f"{installation}-airflow"}},
                {"name": "authority", "configMap": {"name": f"{installation}-ca"}},
            ],
            "containers": [
                {
                    "name": "client",
                    "image": IMAGE,
                    "imagePullPolicy": "IfNotPresent",
                    "command": ["bash", "-c", f'{CONNECT} -c "$SQL"'],
                    "env": [
                        {"name": "PRIMARY", "value": f"{installation}-primary.{overlay_namespace}.svc"},
                        {"name": "STANDBY", "value": f"{installation}-standby.{overlay_namespace}.svc"},
                        {"name": "PGUSER", "value": "{{OWNER}}"},
                        {"name": "PGDATABASE", "value": "{{DATABASE}}"},
                        {"name": "SQL", "value": sql},
                    ],
                    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                    "volumeMounts": [
                        {"name": "connection", "mountPath": "/connection", "readOnly": True},
                        {"name": "authority", "mountPath": "/authority", "readOnly": True},
                    ],
                }
            ],
        }
        made = kubectl(
            "run",
            pod,
            "-n",
            overlay_namespace,
            f"--image={IMAGE}",
            "--restart=Never",
            f"--labels={labels}",
            f"--overrides={json.dumps({'spec': spec})}",
        )
        assert made.returncode == 0, made.stderr
        ended = kubectl(
            "wait",
            "-n",
            overlay_namespace,
            f"pod/{pod}",
            "--for=jsonpath={.status.containerStatuses[0].state.terminated}",
            "--timeout=120s",
        )
        assert ended.returncode == 0, ended.stderr
        status = kubectl(
            "get",
            "pod",
            pod,
            "-n",
            overlay_namespace,
            "-o",
            "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}",
        )
        return int(status.stdout), kubectl("logs", pod, "-n", overlay_namespace).stdout

    yield ask

    for pod in pods:
        kubectl("delete", "pod", pod, "-n", overlay_namespace, "--ignore-not-found=true", "--wait=false")


def test_connection_of_airflow_is_complete(installation, overlay_namespace):
    """The Secret has what the chart's ``data.metadataSecretName`` and the values take, with one and the same password."""
    data = {
        key: base64.b64decode(value).decode()
        for key, value in get_secret_data(f"{installation}-airflow", overlay_namespace).items()
    }
    assert data["connection"].startswith("postgresql+psycopg2://")
    assert f"{installation}-primary.{overlay_namespace}.svc" in data["connection"]
    assert "PASSWORD" not in data["connection"]
    owner = get_secret_data(f"{installation}-secret", overlay_namespace)["{{OWNER}}-password"]
    assert data["password"] == base64.b64decode(owner).decode()
    assert f":{data['password']}@" in data["connection"]


def test_what_airflow_writes_is_on_the_standby(installation, overlay_namespace, ask_as):
    """A pod of Airflow writes over TLS that it verifies, and the standby has the row."""
    status, output = ask_as(
        "CREATE TABLE IF NOT EXISTS overlay_test (n int); INSERT INTO overlay_test VALUES (7); "
        "SELECT 'tls ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
        "tier=airflow",
    )
    assert status == 0, output
    assert "tls true" in output
    replayed = kubectl(
        "exec",
        f"{installation}-standby-0",
        "-n",
        overlay_namespace,
        "-c",
        "postgresql",
        "--",
        "bash",
        "-c",
        "for i in {1..30}; do "
        'n=$(psql -XAtqw -U postgres -d "{{DATABASE}}" -c "SELECT max(n) FROM overlay_test WHERE pg_is_in_recovery()" 2>/dev/null); '
        '[[ "$n" == 7 ]] && exit 0; sleep 1; done; exit 1',
    )
    assert replayed.returncode == 0, replayed.stderr
    status, output = ask_as("DROP TABLE overlay_test", "tier=airflow")
    assert status == 0, output


def test_a_pod_that_is_no_client_is_refused(ask_as):
    """Neither by the password nor by the authority, but by the network policies."""
    status, output = ask_as("SELECT 1", "app=somebody-else")
    assert status != 0, output
