"""Whether a bucket has what was put: form and content as go-cache-plugin writes them."""

import os
import re

import load

RECORD = re.compile(r"([0-9a-f]{64}) ([0-9]{18,19})")


def key(kind, name):
    return f"{kind}/{name[:2]}/{name}"


def check(folder, expected):
    """What is wrong, as lines; the bucket is a folder.

    expected: for each action the outputs of which one must be there, and the Unix nanoseconds between which it was put.
    """
    wrong, good_objects = [], set()
    for action, (outputs, earliest, latest) in expected.items():
        try:
            with open(os.path.join(folder, key("action", action))) as file:
                record = RECORD.fullmatch(file.read())
        except FileNotFoundError:
            wrong.append(f"{action}: no action record")
            continue
        if not record:
            wrong.append(f"{action}: no valid action record")
            continue
        output, time = record[1], int(record[2])
        if output not in outputs:
            wrong.append(f"{action}: has output {output}, not one of {sorted(outputs)}")
        elif not earliest <= time <= latest:
            wrong.append(f"{action}: has time {time}, was put between {earliest} and {latest}")
        elif output not in good_objects:
            try:
                with open(os.path.join(folder, key("output", output)), "rb") as file:
                    if load.sha256(file.read()) == output:
                        good_objects.add(output)
                    else:
                        wrong.append(f"{action}: object {output} has wrong bytes")
            except FileNotFoundError:
                wrong.append(f"{action}: no object {output}")
    return wrong
