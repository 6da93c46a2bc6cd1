#!/usr/bin/env python3
# Takes the role label from a member's pod, so that no Service selects it. A pod that is not there has none.
# Usage: patroni/hide.py POD
#
# Environment: that of cluster_api.py
#              ROLE_LABEL   the label's key
# Exit status: 0 done, 1 failed, 64 bad usage or environment
import os
import sys

import cluster_api


def take_label(pod: str) -> None:
    cluster_api.ask("PATCH", f"pods/{pod}", {"metadata": {"labels": {os.environ["ROLE_LABEL"]: None}}})


if __name__ == "__main__":
    sys.exit(cluster_api.run("patroni/hide.py", sys.argv[1:], "POD", take_label))
