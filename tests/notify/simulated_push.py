"""A push service for the simulation, which the real channel speaks to: only encryption and the network are left out."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.notify.push.service import HOST
from tests.notify.push.test_channel import KEYS, SUBJECT
from webapp.domain.clock import Clock
from webapp.domain.notices import Choices
from webapp.domain.push_endpoints import PushKeys
from webapp.notify.push.channel import PushChannel
from webapp.notify.push.encrypting_process import EncryptingProcess, Sealed
from webapp.notify.push.sending import PushAnswer, PushSender
from webapp.pictures.connections import Network
from webapp.store import Channel, ServerKeys, Subscription

TAKEN = PushAnswer(201, "")
OUTAGES = (PushAnswer(503, ""), PushAnswer(500, ""), PushAnswer(429, "600"), PushAnswer(503, "1800"))
ENDINGS = (PushAnswer(404, ""), PushAnswer(410, ""))


class _PlainProcess(EncryptingProcess):
    def seal(
        self, plaintext: str, *, endpoint: str, keys: PushKeys, private_key: str, subject: str, now: int
    ) -> Sealed:
        assert keys.auth
        assert (endpoint.startswith(f"https://{HOST}/"), private_key, subject) == (True, "private", SUBJECT)
        assert now > 0
        return Sealed(plaintext.encode(), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender(PushSender):
    answer: Callable[[str], PushAnswer]

    def post(self, endpoint: str, headers: object, body: bytes) -> PushAnswer:  # noqa: ARG002 - the real one's
        return self.answer(endpoint.rpartition("/")[2])


def make_channel(answer: Callable[[str], PushAnswer], clock: Clock) -> PushChannel:
    """Give a channel to a push service that answers so to a message for the browser of this name."""
    sender = _Sender(network=Network(), user_agent="Perigee/test", answer=answer)
    keys = ServerKeys("private", "public")
    return PushChannel(_PlainProcess(), sender, server_keys=lambda: keys, subject=SUBJECT, clock=clock)


def browser(name: str, query: str, choices: Choices) -> Subscription:
    """Give the subscription of a browser."""
    return Subscription(Channel.PUSH, name, query, choices, f"https://{HOST}/{name}", KEYS)
