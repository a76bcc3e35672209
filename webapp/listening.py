"""The socket that all processes of the server listen on, and how many connections each of them may hold."""

import resource
import socket
import sys
from typing import Any

from granian._granian import SocketHolder
from granian.server.mp import MPServer

from webapp.signals import Flag

READ_WITHIN_SECONDS = 20
"""How long a client may take in nothing of what it was sent, where the system can tell (Linux)."""

MOST_CONNECTIONS = 2048
"""How many connections a process holds open at once. Slow clients take their places among these."""

_WAITING_TO_BE_ACCEPTED = 1024
_OTHER_FILES = 200
_IS_UNIX = False


class Server(MPServer):
    """granian with one listening socket for all its processes, made by us, that their parent holds open.

    On Linux the library would give each process one of its own: what waits in that of a process that ends is refused,
    as is everything while a single process is made anew. Elsewhere it does as we do.
    """

    def __init__(self, listening: socket.socket, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._listening = listening
        # The library's own is a `threading.Event`, which a second signal can find locked by the handler of the first.
        self._interrupt = Flag()
        self.main_loop_interrupt = self._interrupt  # type: ignore[assignment]

    def serve(self, *arguments: Any, **settings: Any) -> None:
        """Serve until a signal comes that stops it."""
        with self._interrupt.set_by_signals():
            super().serve(*arguments, **settings)

    def _init_shared_socket(self) -> None:
        # The library's types know none of this: it says that each is `None`.
        held: dict[str, Any] = {"_sso": self._listening, "_sfd": self._listening.fileno(), "_ssp": None}
        held["_shd"] = SocketHolder(held["_sfd"], _IS_UNIX, _WAITING_TO_BE_ACCEPTED)  # type: ignore[call-arg]
        vars(self).update(held)


def listen(host: str, port: int) -> socket.socket:
    """Listen, on the IPv4 address where a name has both. Raises `OSError`, which says where that cannot be."""
    listening = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "linux":
            # Inherited by each connection: hyper waits for ever for a client that reads nothing.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, READ_WITHIN_SECONDS * 1000)
        listening.bind(address)
        listening.listen(_WAITING_TO_BE_ACCEPTED)
        listening.settimeout(0)
        listening.set_inheritable(True)
    except OSError as error:
        if listening is not None:
            listening.close()
        raise OSError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    return listening


def places() -> int:
    """Give how many connections a process may hold; for them the system must allow it as many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, max(soft - _OTHER_FILES, 64))
