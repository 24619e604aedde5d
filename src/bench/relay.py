#!/usr/bin/env python3
"""A TCP relay that makes loopback look like a network: round-trip time, handshake, slow start, and a shared bandwidth.

  ./relay.py --listen 9000 --to 127.0.0.1:8080 --rtt-ms 50 --mbit 100

Each way takes half the round trip. A new connection is opened a round trip before its first byte goes on. A sender begins
with ten segments per round trip and doubles that each round, as TCP does (RFC 6928, RFC 5681), until 4 MiB. The bandwidth is
that of the whole relay, in each direction. On SIGUSR1 it prints a line of JSON with what went through so far: bytes up and
down, and connections.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import socket

FIRST_WINDOW = 10 * 1460
LAST_WINDOW = 4 << 20
IDLE_RESET = 1.0  # seconds after which a sender begins anew
HELD = 8 << 20  # bytes on the way at which reading stops


class Wire:
    """One direction of the whole relay: its bandwidth."""

    def __init__(self, bytes_per_second):
        self.rate = bytes_per_second
        self.free_at = 0.0
        self.carried = 0

    def departure(self, earliest, size):
        self.carried += size
        if not self.rate:
            return earliest
        self.free_at = max(self.free_at, earliest) + size / self.rate
        return self.free_at


class End(asyncio.Protocol):
    """One socket of a pair. What it reads is written to the other one after its time on the wire."""

    def __init__(self, rtt, wire):
        self.rtt, self.wire = rtt, wire
        self.other = None
        self.transport = None
        self.early = []
        self.held = 0
        self.window, self.in_round, self.round_start = FIRST_WINDOW, 0, 0.0
        self.last_arrival = 0.0

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data):
        self.held += len(data)
        if self.held > HELD:
            self.transport.pause_reading()
        now = asyncio.get_running_loop().time()
        pieces = memoryview(data)
        while pieces:
            opens, size = self.window_opens(now, len(pieces))
            arrival = self.wire.departure(opens, size) + self.rtt / 2
            self.at(arrival, self.deliver, pieces[:size])
            pieces = pieces[size:]

    def window_opens(self, now, size):
        """When that many bytes, or the first part of them, may be sent, and how many those are."""
        if not self.rtt:
            return now, size
        if now - self.last_arrival > IDLE_RESET + self.rtt:
            self.window = FIRST_WINDOW
        if now - self.round_start >= self.rtt:
            self.round_start, self.in_round = now, 0
        if self.in_round >= self.window:
            self.round_start += self.rtt
            self.in_round = 0
            self.window = min(2 * self.window, LAST_WINDOW)
        size = min(size, self.window - self.in_round)
        self.in_round += size
        return max(now, self.round_start), size

    def at(self, moment, action, *args):
        # In order, also where two moments are the same.
        self.last_arrival = max(moment, self.last_arrival + 1e-6)
        asyncio.get_running_loop().call_at(self.last_arrival, action, *args)

    def deliver(self, data):
        self.held -= len(data)
        if self.held <= HELD and not self.transport.is_closing():
            self.transport.resume_reading()
        if self.other.transport:
            self.other.transport.write(data)
        else:
            self.other.early.append(data)

    def eof_received(self):
        self.at(asyncio.get_running_loop().time() + self.rtt / 2, self.finish)
        return True

    def finish(self):
        if self.other.transport and not self.other.transport.is_closing():
            with contextlib.suppress(OSError):  # it has hung up meanwhile
                self.other.transport.write_eof()

    def connection_lost(self, _):
        self.at(asyncio.get_running_loop().time() + self.rtt / 2, self.drop)

    def drop(self):
        if self.other.transport:
            self.other.transport.close()


async def serve(listen, host, port, rtt, mbit):
    loop = asyncio.get_running_loop()
    there, back = Wire(mbit * 125_000), Wire(mbit * 125_000)
    connections = 0

    def tell():
        print(json.dumps({"up": there.carried, "down": back.carried, "connections": connections}), flush=True)

    def accept():
        nonlocal connections
        connections += 1
        client, server = End(rtt, there), End(rtt, back)
        client.other, server.other = server, client

        async def connect():
            # The client can send after one round trip, and that takes another half.
            await asyncio.sleep(1.5 * rtt)
            try:
                await loop.create_connection(lambda: server, host, port)
                for data in server.early:
                    server.transport.write(data)
            except OSError:
                client.transport.abort()

        loop.create_task(connect())
        return client

    loop.add_signal_handler(signal.SIGUSR1, tell)
    server = await loop.create_server(accept, "127.0.0.1", listen, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", type=int, default=0, help="port on loopback; it is printed")
    parser.add_argument("--to", required=True, help="host:port")
    parser.add_argument("--rtt-ms", type=float, default=50)
    parser.add_argument("--mbit", type=float, default=0, help="bandwidth in Mbit/s; 0 is unlimited")
    args = parser.parse_args()
    host, _, port = args.to.rpartition(":")
    try:
        asyncio.run(serve(args.listen, host, int(port), args.rtt_ms / 1000, args.mbit))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
