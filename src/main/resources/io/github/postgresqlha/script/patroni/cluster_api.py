# Requests to the Kubernetes API as the member's own service account. Patroni's own client takes half a second of a processor to load.
#
# Environment: POD_NAMESPACE, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT   where the Kubernetes API is
import json
import os
import ssl
import sys
import urllib.error
import urllib.request

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/"
SECONDS = 5


def ask(method: str, path: str, body: dict = None) -> dict:
    """What the API answers about an object of the namespace; an object that is not there has nothing in it."""
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    host = f"[{host}]" if ":" in host else host
    with open(ACCOUNT + "token", encoding="ascii") as token:
        headers = {"Authorization": "Bearer " + token.read().strip()}
    if body is not None:
        headers["Content-Type"] = "application/merge-patch+json"
    request = urllib.request.Request(
        f"https://{host}:{port}/api/v1/namespaces/{os.environ['POD_NAMESPACE']}/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers=headers,
        method=method,
    )
    trusted = ssl.create_default_context(cafile=ACCOUNT + "ca.crt")
    # Python 3.13 refuses the CA of many clusters for extensions that it lacks.
    trusted.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        with urllib.request.urlopen(request, timeout=SECONDS, context=trusted) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as refusal:
        if refusal.code != 404:
            raise
        return {}
    return _object(found)


def _object(found) -> dict:
    if not isinstance(found, dict):
        raise ValueError("the Kubernetes API answers with what is not an object")
    return found


def part(found: dict, key: str) -> dict:
    """An object within another one, empty where it is missing."""
    return _object(found.get(key) or {})


def run(program: str, arguments: list, expected: str, work) -> int:
    """The exit status of a program that does this work with its one argument."""
    if len(arguments) != 1:
        print(f"usage: {program} {expected}", file=sys.stderr)
        return 64
    try:
        work(arguments[0])
    except KeyError as missing:
        print(f"{program}: {missing.args[0]} is not set", file=sys.stderr)
        return 64
    except (OSError, ValueError) as error:
        print(f"{program}: {arguments[0]}: {error}", file=sys.stderr)
        return 1
    return 0
