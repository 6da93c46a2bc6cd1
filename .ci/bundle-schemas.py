"""Makes one self-contained JSON Schema a kind for kubeconform out of the package kubernetes-validate.

Usage: bundle-schemas.py FOLDER VERSION...
The package's schemas name themselves by URL and share one file of definitions, so kubeconform does not find them;
with the definitions that a kind needs in its own file it does, and compiles twenty times less.
"""

import json
import pathlib
import re
import sys

import kubernetes_validate

KINDS = """configmap-v1 namespace-v1 persistentvolume-v1 persistentvolumeclaim-v1 pod-v1 secret-v1 service-v1 serviceaccount-v1
deployment-apps-v1 statefulset-apps-v1 cronjob-batch-v1 job-batch-v1 networkpolicy-networking-v1 poddisruptionbudget-policy-v1
role-rbac-v1 rolebinding-rbac-v1 clusterrole-rbac-v1 storageclass-storage-v1 resourcequota-v1 limitrange-v1
validatingadmissionpolicy-admissionregistration-v1 validatingadmissionpolicybinding-admissionregistration-v1""".split()
# Kubernetes 1.29 knows these as beta only.
SINCE_1_30 = {"validatingadmissionpolicy-admissionregistration-v1", "validatingadmissionpolicybinding-admissionregistration-v1"}
REFERENCE = re.compile(r"^.*#/\$defs/(.+)$")


def bundle(schema: dict, definitions: dict) -> dict:
    needed: dict = {}

    def rewrite(node):
        if isinstance(node, list):
            return [rewrite(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {key: reference(value) if key == "$ref" else rewrite(value)
                for key, value in node.items()
                if not (key == "$id" or key == "description" and isinstance(value, str))}

    def reference(target: str) -> str:
        name = REFERENCE.match(target).group(1)
        if name not in needed:
            needed[name] = None
            needed[name] = rewrite(definitions[name])
        return f"#/$defs/{name}"

    result = rewrite(schema)
    result["$defs"] = dict(sorted(needed.items()))
    return result


def main(folder: str, versions: list) -> None:
    source = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    for version in versions:
        strict = source / f"v{version}-local-strict"
        definitions = json.loads((strict / "_definitions.json").read_text())["$defs"]
        target = pathlib.Path(folder) / f"v{version}"
        target.mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            if version.startswith("1.29.") and kind in SINCE_1_30:
                continue
            schema = json.loads((strict / f"{kind}.json").read_text())
            (target / f"{kind}.json").write_text(json.dumps(bundle(schema, definitions), sort_keys=True))


main(sys.argv[1], sys.argv[2:])
