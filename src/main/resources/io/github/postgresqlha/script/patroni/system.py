#!/usr/bin/env python3
# Prints the system identifier of the database that Patroni's state in the Kubernetes API names; nothing where there is no state yet, or
# none with a database.
# Usage: patroni/system.py SCOPE
#
# Environment: that of cluster_api.py
# Exit status: 0 done, 1 the API did not answer, or not so, 64 bad usage or environment
import re
import sys

import cluster_api


def print_system(scope: str) -> None:
    state = cluster_api.ask("GET", f"configmaps/{scope}-config")
    system = cluster_api.part(cluster_api.part(state, "metadata"), "annotations").get("initialize") or ""
    if not re.fullmatch("[0-9]{0,20}", str(system)):
        raise ValueError("the annotation initialize is not a system identifier")
    print(system, end="")


if __name__ == "__main__":
    sys.exit(cluster_api.run("patroni/system.py", sys.argv[1:], "SCOPE", print_system))
