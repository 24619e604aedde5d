"""Damage to a cache's directory as a power loss, a bad disk or a careless hand leave it."""

import os

import load

NEWEST = 30  # blobs that a power loss may reach
EACH = 3


def _newest(paths):
    return sorted(paths, key=os.path.getmtime, reverse=True)[:NEWEST]


def truncate(path, rnd):
    os.truncate(path, rnd.randrange(os.path.getsize(path) + 1))


def zero(path, rnd):
    size = os.path.getsize(path)
    start = rnd.randrange(size) & ~4095
    _write(path, start, bytes(min(rnd.choice((4096, 65536, size)), size - start)))


def flip(path, rnd):
    place = rnd.randrange(os.path.getsize(path))
    with open(path, "rb") as file:
        file.seek(place)
        old = file.read(1)[0]
    _write(path, place, bytes([old ^ 1 << rnd.randrange(8)]))


def remove(path, _rnd):
    os.remove(path)


def _write(path, place, data):
    with open(path, "r+b") as file:
        file.seek(place)
        file.write(data)


BLOBS = {"truncate": truncate, "zero": zero, "flip": flip, "remove": remove}
KINDS = [*BLOBS, "wal"]


def apply(directory, rnd, kinds):
    """Does some of it to a service's directory, while the service is not running; says what, one text for each."""
    kind = rnd.choice(kinds)
    if kind == "wal":
        return _cut_wal(f"{directory}/index.db-wal", rnd)
    blobs = [path for path in _newest(load.walk(f"{directory}/blobs")) if os.path.getsize(path)]
    chosen = rnd.sample(blobs, min(EACH, len(blobs)))
    for path in chosen:
        BLOBS[kind](path, rnd)
    return [f"blobs damaged: {kind}"] * len(chosen)


def _cut_wal(wal, rnd):
    if not os.path.exists(wal) or not os.path.getsize(wal):
        return []
    size = os.path.getsize(wal)
    os.truncate(wal, size - rnd.randint(1, min(size, 200_000)))
    return ["index.db-wal cut"]
