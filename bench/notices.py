"""How soon subscribers are told: from the commit of a change until a push service has the notice of each.

    python bench/notices.py [--write FILE] [--browsers 10000]

The push service is a stand-in over TLS on loopback, in a process of its own; all else is what `perigee serve` runs: the
outbox in its thread, the process that encrypts, and kept connections. `taskset -c 0 python ...` measures on one core.

Also how long a page takes, while 200 clients drip bodies to the addresses of notices.
"""

import argparse
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.servers import CODED, Server, machine, perigee
from bench.stores import database, fill
from tests.clock import NOW
from tests.notify.push.service import ADDRESS, HOST, SeenMessage, push_service
from tests.notify.push.test_channel import KEYS, SUBJECT
from tests.notify.stage import ADDRESSES, Stage, event, make_stage
from webapp.domain.notices import Choices, Lead
from webapp.notify.outbox import Outbox
from webapp.notify.push.channel import PushChannel
from webapp.notify.push.encrypting_process import EncryptingProcess
from webapp.notify.push.sending import PushSender
from webapp.notify.push.server_keys import KeptServerKeys
from webapp.pictures.connections import Network
from webapp.store import Channel, Subscription
from webapp.sync.watch_steps import steps_watched

DRIPPING, ASKED = 200, 200
LOOK_FOR_NOTICES_SECONDS = 1.0
"""As `perigee serve` does."""


class Arrivals(list[SeenMessage]):
    """Messages that were taken, and when each was."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, message: SeenMessage) -> None:
        """Take one."""
        self.times.append(time.time())
        super().append(message)


def main() -> None:
    """Measure, and print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browsers", type=int, default=10_000)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines = [machine(), "", f"{'told':>8}{'of':>8}{'median s':>10}{'95th s':>10}{'last s':>10}"]
    lines += measure(asked.browsers)
    lines += ["", f"A kept page while {DRIPPING} clients drip bodies, ms: {dripped()}"]
    sys.stdout.write("\n".join(lines) + "\n")
    if asked.write:
        asked.write.write_text("\n".join(lines) + "\n", "utf-8")


def measure(browsers: int) -> Iterator[str]:
    """Tell a tenth of all browsers of a change, then all of them of another, and give a line for each."""
    with TemporaryDirectory() as name, make_stage(Path(name)) as stage, pretended(Path(name)) as (network, line):
        stage.receive(event(1), event(2))
        outbox = make_outbox(stage, network)
        stage.settle()
        subscribe(stage, browsers)
        with steps_watched(outbox, "notices", look_again=LOOK_FOR_NOTICES_SECONDS):
            for told, number in ((browsers // 10, 1), (browsers, 2)):
                stage.receive(event(number, date=NOW + timedelta(days=2)))
                committed = time.time()
                seconds = [at - committed for at in arrivals(line, told)]
                middle, most = median(seconds), quantiles(seconds, n=20)[-1]
                yield f"{told:8,}{browsers:8,}{middle:10.1f}{most:10.1f}{max(seconds):10.1f}"


def make_outbox(stage: Stage, network: Network) -> Outbox:
    """Make the outbox as `perigee serve` does, except that names lead to the stand-in."""
    stage.lease.hold()
    keys = KeptServerKeys(stage.store, EncryptingProcess(), write=stage.lease.write, clock=stage.clock)
    sender = PushSender(network, "Perigee/bench")
    stage.outbox = Outbox(
        stage.store,
        write=stage.lease.write,
        is_held=lambda: stage.lease.is_held,
        clock=stage.clock,
        senders={
            Channel.PUSH: PushChannel(keys.process, sender, server_keys=keys.get, subject=SUBJECT, clock=stage.clock)
        },
        rules=[],
        addresses=ADDRESSES,
        prepare=keys.ensure,
    )
    return stage.outbox


def subscribe(stage: Stage, browsers: int) -> None:
    """Let so many browsers ask for the second event, by five hundred filters, and a tenth for the first one too."""
    with stage.store.write() as writer:
        for number in range(browsers):
            query = "?id=1,2" if number % 10 == 0 else f"?id=2,{100 + number % 500}"
            where = f"https://{HOST}/fcm/send/{number}"
            browser = Subscription(Channel.PUSH, str(number), query, Choices(lead=Lead.HOUR), where, KEYS)
            writer.notices.put_subscription(browser, now=stage.clock.now)


@contextmanager
def pretended(folder: Path) -> Iterator[tuple[Network, Connection]]:
    """Run a push service in a process of its own; give the network that leads there, and a line to it."""
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(folder, there))
    process.start()
    port = here.recv()

    def connect(_address: object, seconds: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), seconds)

    tls = ssl.create_default_context(cafile=str(folder / "both.pem"))
    try:
        yield Network(lambda _host, port: [(ADDRESS, port)], connect, tls), here
    finally:
        here.send(None)
        process.join()


def serve(folder: Path, line: Connection) -> None:
    """Be the push service; whenever one asks, tell when the messages since then came."""
    with push_service(folder) as service:
        service.taken = taken = Arrivals()
        line.send(service.port)
        while line.recv() is not None:
            count = len(taken.times)
            line.send(taken.times[:count])
            del taken.times[:count]


def arrivals(line: Connection, count: int) -> list[float]:
    """Wait for so many messages, and give when each came."""
    found = list[float]()
    while len(found) < count:
        time.sleep(0.2)
        line.send("more")
        found += line.recv()
    return found


def dripped() -> str:
    """Ask for a kept page, before and while clients drip bodies: the median and the 95th percentile of both, in ms."""
    with database("sqlite", None) as url:
        fill(url, 1_300)
        with perigee(url, PERIGEE_PUBLIC_URL="https://space.example") as server:
            calm = answer_times(server)
            clients = get_context("spawn").Process(target=drip, args=(int(server.url.rpartition(":")[2]),), daemon=True)
            clients.start()
            time.sleep(3)
            beside = answer_times(server)
            clients.terminate()
            clients.join()
    return "; ".join(
        f"{when} {median(found):.1f}, {quantiles(found, n=20)[-1]:.1f}"
        for when, found in (("before", calm), ("meanwhile", beside))
    )


def answer_times(server: Server) -> list[float]:
    """Ask for the first page again and again, and give how long each answer took, in milliseconds."""
    found = []
    with requests.Session() as client:
        for _ in range(ASKED):
            begun = time.perf_counter()
            client.get(server.url + "/", headers=CODED, timeout=60).raise_for_status()
            found.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
    return found


def drip(port: int) -> None:
    """Be so many clients that send a byte of a body now and then; one that is refused comes again after a second."""
    head = b"PUT /push/subscriptions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    clients: list[socket.socket | None] = [None] * DRIPPING
    since = [0.0] * DRIPPING
    while True:
        for number, client in enumerate(clients):
            if client is not None:
                try:
                    client.sendall(b"1\r\nx\r\n")
                except OSError:
                    clients[number], since[number] = None, time.monotonic()
            elif time.monotonic() > since[number] + 1:
                clients[number] = begun = socket.create_connection(("127.0.0.1", port))
                begun.sendall(head)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
