#!/usr/bin/env python3
# What a member asks of the Kubernetes API itself, as its own service account: Patroni's client takes half a second of a processor to load.
# Usage: patroni/ask-api.py hide POD
#        patroni/ask-api.py system SCOPE
#   hide     takes the role label from a member's pod, so that no Service selects it; a pod that is not there has none
#   system   prints the system identifier of the database that Patroni's state names; nothing where there is no state yet, or none with a database
#
# Environment: POD_NAMESPACE, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT   where the Kubernetes API is
#              ROLE_LABEL   hide: the label's key
# Exit status: 0 done, 1 the API did not answer, or not so, 64 bad usage or environment
import http.client
import json
import os
import re
import ssl
import sys

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/"
SECONDS = 5
LONGEST = 16 << 20


def ask(method: str, path: str, kind: str, body: dict = None) -> dict:
    """The object of this kind that the API has at a path of the namespace; an object that is not there has nothing in it. No proxy and no redirect is followed."""
    environment = os.environ
    address = environment["KUBERNETES_SERVICE_HOST"], int(environment["KUBERNETES_SERVICE_PORT"])
    with open(ACCOUNT + "token", encoding="ascii") as file:
        token = file.read().strip()
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise ValueError("the token of the service account is none")
    trusted = ssl.create_default_context(cafile=ACCOUNT + "ca.crt")
    # Python 3.13 refuses the CA of many clusters for extensions that it lacks.
    trusted.verify_flags &= ~ssl.VERIFY_X509_STRICT
    connection = http.client.HTTPSConnection(*address, timeout=SECONDS, context=trusted)
    connection.request(
        method,
        f"/api/v1/namespaces/{environment['POD_NAMESPACE']}/{path}",
        body=None if body is None else json.dumps(body),
        headers={"Authorization": "Bearer " + token, "Content-Type": "application/merge-patch+json"},
    )
    answer = connection.getresponse()
    found = an_object(json.loads(answer.read(LONGEST)))
    if answer.status == 404 and found.get("kind") == "Status" and found.get("reason") == "NotFound":
        return {}
    if answer.status != 200 or found.get("kind") != kind:
        raise ValueError(f"the Kubernetes API answers with status {answer.status} and no {kind}")
    return found


def an_object(found) -> dict:
    if not isinstance(found, dict):
        raise ValueError("the Kubernetes API answers with what is not an object")
    return found


def hide(pod: str) -> None:
    ask("PATCH", f"pods/{pod}", "Pod", {"metadata": {"labels": {os.environ["ROLE_LABEL"]: None}}})


def system(scope: str) -> None:
    metadata = an_object(ask("GET", f"configmaps/{scope}-config", "ConfigMap").get("metadata") or {})
    identifier = an_object(metadata.get("annotations") or {}).get("initialize") or ""
    if not re.fullmatch("[0-9]{0,20}", str(identifier)):
        raise ValueError("the annotation initialize is not a system identifier")
    print(identifier, end="")


def main(arguments: list) -> int:
    questions = {"hide": hide, "system": system}
    if len(arguments) != 2 or arguments[0] not in questions:
        print("usage: patroni/ask-api.py hide POD|system SCOPE", file=sys.stderr)
        return 64
    try:
        questions[arguments[0]](arguments[1])
    except KeyError as missing:
        print(f"patroni/ask-api.py: {missing.args[0]} is not set", file=sys.stderr)
        return 64
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
        print(f"patroni/ask-api.py {arguments[0]} {arguments[1]}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
