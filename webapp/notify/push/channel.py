"""The channel to browsers: encrypts a message, posts it to the browser's push service, and reads what came of it."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from webapp.domain.clock import Clock
from webapp.domain.push_endpoints import PushKeys
from webapp.ll2.protocol import interpret_retry_after
from webapp.notify.channels import Gone, Message, Outcome, Retry, Sent
from webapp.notify.push.encrypting_process import EncryptingProcess, EncryptionError, Sealed, UnusableKeysError
from webapp.notify.push.payload import topic_of, write_payload
from webapp.notify.push.sending import PushAnswer, PushSender, SendingErrors
from webapp.store import ServerKeys, Subscriber

_GONE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class PushChannel:
    """Sends messages to browsers, from any thread.

    `server_keys` gives the keys by which push services know this server, `None` while there are none; `subject` is the
    https or mailto address at which its operator can be reached.
    """

    def __init__(
        self,
        process: EncryptingProcess,
        sender: PushSender,
        *,
        server_keys: Callable[[], ServerKeys | None],
        subject: str,
        clock: Clock,
    ) -> None:
        self._process = process
        self._sender = sender
        self._server_keys = server_keys
        self._subject = subject
        self._clock = clock

    def send(self, subscriber: Subscriber, message: Message) -> Outcome:
        """Send a message, within seconds. Whatever goes wrong is an outcome, without the address in its words."""
        subscription, server = subscriber.subscription, self._server_keys()
        if subscription.address is None or subscription.keys is None:
            return Gone("The subscription has no address")
        if server is None:
            return Retry("This server has no keys for push services yet")
        try:
            sealed = self._seal(subscription.address, PushKeys(**json.loads(subscription.keys)), message, server)
            answer = self._sender.post(subscription.address, _headers(sealed, message), sealed.body)
        except UnusableKeysError:
            return Gone("The browser’s keys are none")
        except EncryptionError as error:
            return Retry(str(error))
        except SendingErrors as error:
            return Retry(f"The push service could not be reached ({type(error).__name__})")
        return self._outcome(answer)

    def stop(self) -> None:
        """End the process that encrypts, and close what is open."""
        self._process.stop()
        self._sender.close()

    def _seal(self, endpoint: str, keys: PushKeys, message: Message, server: ServerKeys) -> Sealed:
        return self._process.seal(
            write_payload(title=message.title, body=message.body, url=message.url, tag=message.tag),
            endpoint=endpoint,
            keys=keys,
            private_key=server.private,
            subject=self._subject,
            now=int(self._clock().timestamp()),
        )

    def _outcome(self, answer: PushAnswer) -> Outcome:
        """Read an answer (RFC 8030, 5 and 7.3): only one that says so ends a subscription."""
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Sent()
        if answer.status in _GONE:
            return Gone("The browser ended its subscription")
        wait = interpret_retry_after(answer.retry_after, now=self._clock())
        return Retry(f"The push service answered with status {answer.status}", wait)


def _headers(sealed: Sealed, message: Message) -> dict[str, str]:
    return {
        "Authorization": sealed.authorization,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/notification+json",
        "TTL": str(max(0, int(message.ttl.total_seconds()))),
        "Urgency": "high" if message.is_urgent else "normal",
        "Topic": topic_of(message.tag),
    }
