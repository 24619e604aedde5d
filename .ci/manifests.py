"""Reads a chart's manifests from stdin, checks those of other projects by their CRDs, and prints those of Kubernetes itself.

As strict as kubernetes-validate: a field that a CRD does not name is an error. Run it as: manifests.py CRD.yaml...
"""

import sys

import jsonschema
import yaml


def closed(schema):
    """The schema without room for fields that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    return result


def validators(files):
    for file in files:
        with open(file) as content:
            spec = yaml.safe_load(content)["spec"]
        for version in spec["versions"]:
            schema = closed(version["schema"]["openAPIV3Schema"])
            yield (f"{spec['group']}/{version['name']}", spec["names"]["kind"]), jsonschema.Draft4Validator(schema)


def main():
    known = dict(validators(sys.argv[1:]))
    documents = [each for each in yaml.safe_load_all(sys.stdin) if each]
    names = [(each["kind"], each["metadata"]["name"]) for each in documents]
    assert len(names) > 3 and len(set(names)) == len(names), names
    core, errors = [], []
    for document in documents:
        validator = known.get((document["apiVersion"], document["kind"]))
        if validator:
            errors += [f"{document['kind']} {error.json_path}: {error.message}" for error in validator.iter_errors(document)]
        else:
            core.append(document)
    if errors:
        sys.exit("\n".join(errors))
    yaml.safe_dump_all(core, sys.stdout)


main()
