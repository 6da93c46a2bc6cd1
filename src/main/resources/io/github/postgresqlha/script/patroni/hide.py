#!/usr/bin/env python3
# Takes the role label from a member's pod, so that no Service selects it. A pod that is not there has none.
# Usage: patroni/hide.py POD
#
# Environment: POD_NAMESPACE, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT   where the Kubernetes API is
#              ROLE_LABEL   the label's key
# Exit status: 0 done, 1 failed, 64 bad usage or environment
import json
import os
import ssl
import sys
import urllib.error
import urllib.request

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/"
SECONDS = 5


def take_label(pod: str, environment: dict) -> None:
    host, port = environment["KUBERNETES_SERVICE_HOST"], environment["KUBERNETES_SERVICE_PORT"]
    host = f"[{host}]" if ":" in host else host
    with open(ACCOUNT + "token", encoding="ascii") as token:
        headers = {"Authorization": "Bearer " + token.read().strip(), "Content-Type": "application/merge-patch+json"}
    request = urllib.request.Request(
        f"https://{host}:{port}/api/v1/namespaces/{environment['POD_NAMESPACE']}/pods/{pod}",
        data=json.dumps({"metadata": {"labels": {environment["ROLE_LABEL"]: None}}}).encode(),
        headers=headers,
        method="PATCH",
    )
    trusted = ssl.create_default_context(cafile=ACCOUNT + "ca.crt")
    # Python 3.13 refuses the CA of many clusters for extensions that it lacks.
    trusted.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        urllib.request.urlopen(request, timeout=SECONDS, context=trusted).close()
    except urllib.error.HTTPError as refusal:
        if refusal.code != 404:
            raise


def main(arguments: list) -> int:
    if len(arguments) != 1:
        print("usage: patroni/hide.py POD", file=sys.stderr)
        return 64
    try:
        take_label(arguments[0], os.environ)
    except KeyError as missing:
        print(f"patroni/hide.py: {missing.args[0]} is not set", file=sys.stderr)
        return 64
    except OSError as error:
        print(f"patroni/hide.py: {arguments[0]} keeps its role label: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
