"""What the scripts put and get: objects, an HTTP client that keeps its connection, sizes of directories."""

import ctypes
import ctypes.util
import hashlib
import os
import random
import socket
from collections import namedtuple

Answer = namedtuple("Answer", "status headers body")  # header names in lower case


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def action_id(name):
    return sha256(name.encode())


class Connection:
    """One kept connection. What is sent and what is received can be apart, so that one thread keeps many busy."""

    def __init__(self, port, timeout=60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb", 1 << 16)

    def send(self, method, path, body=None, headers=()):
        head = [f"{method} {path} HTTP/1.1\r\nHost: localhost"]
        head += [f"{name}: {value}" for name, value in headers]
        if body is not None:
            head.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + (body or b""))

    def receive(self):
        """The answer. ConnectionError if the connection ends before it does."""
        status = int(self._line().split(b" ")[1])
        headers = {}
        while line := self._line():
            name, value = line.split(b":", 1)
            headers[name.decode().lower()] = value.strip().decode()
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self._line(), 16):
                body += self._read(size)
                self._line()
            self._line()
        else:
            body = self._read(int(headers.get("content-length", 0)))
        return Answer(status, headers, body)

    def request(self, method, path, body=None, headers=()):
        self.send(method, path, body, headers)
        return self.receive()

    def put(self, action, output, body):
        return self.request("PUT", f"/{action}/{output}", body).status

    def get(self, action, headers=()):
        return self.request("GET", f"/action/{action}", None, [("Want-Object", "1"), *headers])

    def close(self):
        self.input.close()
        self.socket.close()

    def _line(self):
        line = self.input.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the connection ended in the head of an answer")
        return line.rstrip(b"\r\n")

    def _read(self, size):
        data = self.input.read(size)
        if len(data) < size:
            raise ConnectionError("the connection ended in the body of an answer")
        return data


def zstd_decoder():
    """A function that decodes a zstd frame to a known length, or None where the library is not installed."""
    name = ctypes.util.find_library("zstd")
    if not name:
        return None
    library = ctypes.CDLL(name)
    library.ZSTD_decompress.restype = ctypes.c_size_t
    library.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]

    def decode(frame, length):
        target = ctypes.create_string_buffer(length + 1)
        decoded = library.ZSTD_decompress(target, length, frame, len(frame))
        return target.raw[:length] if decoded == length else b"not a zstd frame of that length"
    return decode


class Entries:
    """Entries by number, the same ones in every run: half of the objects are below 1 KiB, as in a real Go build cache, most
    others below 4 KiB, some up to 100 KiB; about 3.7 KiB on average. Each is unique, and compresses about 3:1."""

    POOL = 1 << 20
    UNIQUE = 32

    def __init__(self, name="entry"):
        self.name = name
        rnd = random.Random(name)
        words = [rnd.randbytes(12) for _ in range(64)]
        self.pool = b"".join(rnd.choices(words, k=self.POOL // 12))

    def action(self, number):
        return action_id(f"{self.name} {number}")

    def object(self, number):
        rnd = random.Random(number)
        share = rnd.random()
        low, high = (200, 1023) if share < .5 else (1024, 4096) if share < .95 else (20_000, 100_000)
        size = rnd.randint(low, high)
        start = rnd.randrange(len(self.pool) - high)
        unique = hashlib.sha256(f"{self.name} {number}".encode()).digest()
        return unique + self.pool[start:start + size - self.UNIQUE]


def put_all(port, entries, numbers, connections=16):
    """Puts these entries over several connections at once, all from this thread. (action, output) of each is yielded once
    it is acknowledged; any other answer ends the program."""
    lines = [Connection(port) for _ in range(connections)]
    numbers = iter(numbers)
    while True:
        sent = []
        for line, number in zip(lines, numbers):
            body = entries.object(number)
            action, output = entries.action(number), sha256(body)
            line.send("PUT", f"/{action}/{output}", body)
            sent.append((line, action, output))
        for line, action, output in sent:
            answer = line.receive()
            if answer.status != 204:
                raise SystemExit(f"PUT {action}: {answer.status} {answer.body[:300]}")
            yield action, output
        if len(sent) < connections:
            break
    for line in lines:
        line.close()


Usage = namedtuple("Usage", "allocated apparent files")


def disk_usage(folder):
    """As du tells it: bytes of the blocks allocated, bytes of content, number of files. Files that go meanwhile are left
    out."""
    allocated = apparent = files = 0
    for path in walk(folder):
        try:
            stat = os.lstat(path)
        except FileNotFoundError:
            continue
        allocated, apparent, files = allocated + stat.st_blocks * 512, apparent + stat.st_size, files + 1
    return Usage(allocated, apparent, files)


def walk(folder):
    for base, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(base, name)


def mib(size):
    return f"{size / (1 << 20):.1f}"
