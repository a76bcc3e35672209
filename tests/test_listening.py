"""What of granian we reach past what it documents. Where a release changes that, these tell what to look at anew."""

import inspect
import re
import resource
import socket

import pytest
from granian.constants import Interfaces
from granian.server.common import AbstractServer
from granian.server.mp import MPServer

from webapp.listening import Server, listen, places


def test_the_library_still_makes_its_socket_in_the_method_that_we_replace() -> None:
    ours, theirs = (inspect.signature(one._init_shared_socket).parameters for one in (Server, MPServer))  # noqa: SLF001 - what we replace
    assert list(ours) == list(theirs)
    calls = re.findall(r"self\._init_shared_socket\(\)", inspect.getsource(AbstractServer))
    assert calls == ["self._init_shared_socket()"], "it is called once, as the server starts"


def test_the_library_still_hands_on_what_we_put_in_place_of_its_socket() -> None:
    handed_on = inspect.getsource(MPServer._spawn_worker)  # noqa: SLF001 - what uses it
    assert "((self._ssp, self._shd), self._sso)" in handed_on


def test_the_library_still_waits_for_the_interrupt_that_we_replace() -> None:
    waiting = set(re.findall(r"main_loop_interrupt\.(\w+)\(", inspect.getsource(AbstractServer)))
    assert waiting == {"set", "clear", "wait"}, "our flag has these, and no other"


def test_a_server_takes_the_socket_that_we_made() -> None:
    with listen("127.0.0.1", 0) as listening:
        server = Server(listening, "any:app", interface=Interfaces.WSGI, log_enabled=False)
        server._init_shared_socket()  # noqa: SLF001 - as the library does
        held = vars(server)
        assert (held["_sso"], held["_sfd"], held["_ssp"]) == (listening, listening.fileno(), None)
        assert isinstance(held["_sso"], socket.socket)


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "expected"),
    [
        (1024, resource.RLIM_INFINITY, 2248, 2048),
        (1024, 4096, 2248, 2048),
        (1024, 1024, 1024, 824),
        (200, 200, 200, 64),
        (4096, 4096, None, 2048),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None, 2048),
    ],
)
def test_a_process_holds_2048_connections_if_it_may_open_as_many_files(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None, expected: int
) -> None:
    given: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda *limits: given.append(limits))
    assert places() == expected
    assert given == ([] if raised is None else [(resource.RLIMIT_NOFILE, (raised, hard))])
