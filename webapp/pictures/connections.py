"""Connections to public addresses alone: a host is looked up once, and exactly what was checked is connected to."""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from webapp.ll2.connections import ALLOWANCE, Connection, SecureConnection
from webapp.pictures.public_addresses import RefusedAddressError, Target, is_public

SocketAddress = tuple[Any, ...]
"""An IP address and a port as sockets take them; of IPv6 also a flow and a scope."""

_CONNECT_SECONDS = 5.0  # For each address of a host: one that is dead must not keep the next from its turn.
_MOST_TRIED = 4


def resolve(host: str, port: int) -> list[SocketAddress]:
    """Look up the addresses of a host. Raises `OSError`."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # A label of more than 63 letters.
        raise socket.gaierror(str(error)) from error
    return [address for *_, address in found]


def connect(address: SocketAddress, seconds: float) -> socket.socket:
    """Connect to an address, and to no other. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(address)
        _check_peer(connection.getpeername(), address)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_peer(peer: SocketAddress, address: SocketAddress) -> None:
    if peer[:2] != address[:2] or not is_public(peer[0]):
        raise ConnectionError("another address answered")


@dataclass(frozen=True, slots=True)
class Network:
    """How hosts are looked up and connected to. `tls` decides which certificates are trusted."""

    resolve: Callable[[str, int], Sequence[SocketAddress]] = resolve
    connect: Callable[[SocketAddress, float], socket.socket] = connect
    tls: ssl.SSLContext = field(default_factory=partial(ssl.create_default_context, cafile=DEFAULT_CA_BUNDLE_PATH))

    def open(self, host: str, port: int) -> socket.socket:
        """Connect to a host, all of whose addresses must be public. Raises `RefusedAddressError` and `OSError`."""
        addresses = list(dict.fromkeys(self.resolve(host, port)))
        if any(not is_public(address[0]) or any(address[3:]) for address in addresses):
            raise RefusedAddressError("is not public")
        fault = OSError("the host has no address")
        for address in addresses[:_MOST_TRIED]:
            try:
                return self.connect(address, min(_CONNECT_SECONDS, ALLOWANCE.get().seconds_left()))
            except OSError as error:
                fault = error
        raise fault

    def connection_to(self, target: Target) -> Connection | SecureConnection:
        """Give a connection that is opened with its first request. TLS goes by the host's name."""
        if target.scheme == "https":
            return _SecurePublicConnection(self, target)
        return _PublicConnection(self, target)


class _PublicConnection(Connection):
    def __init__(self, network: Network, target: Target) -> None:
        super().__init__(target.host.strip("[]"), target.port)
        self._network = network

    def _new_conn(self) -> socket.socket:
        return self._network.open(self.host, self.port)


class _SecurePublicConnection(SecureConnection):
    def __init__(self, network: Network, target: Target) -> None:
        super().__init__(target.host.strip("[]"), target.port, ssl_context=network.tls)
        self._network = network

    def _new_conn(self) -> socket.socket:
        return self._network.open(self.host, self.port)
