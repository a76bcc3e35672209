"""The child that encrypts and signs: answers requests, one JSON object a line, until none comes for a minute."""

import json
import select
import sys
from typing import Any, Final

from webapp.domain.push_endpoints import decoded, encoded
from webapp.notify.push.encryption import encrypt
from webapp.notify.push.vapid import authorization, make_private_key, public_key_of

_IDLE_SECONDS: Final = 60.0


def main() -> None:
    """Answer requests until there are no more."""
    # Nothing is read ahead: whoever asks waits for the answer before asking again.
    while select.select([sys.stdin], [], [], _IDLE_SECONDS)[0] and (line := sys.stdin.readline()):
        print(json.dumps(_answer(json.loads(line))), flush=True)  # noqa: T201 - the answer goes to standard output


def _answer(asked: dict[str, Any]) -> dict[str, str]:
    if asked["task"] == "keys":
        private_key = make_private_key()
        return {"private": private_key, "public": public_key_of(private_key)}
    try:
        body = encrypt(asked["plaintext"].encode(), decoded(asked["p256dh"]) or b"", decoded(asked["auth"]) or b"")
    except ValueError as error:
        return {"unusable": str(error)}
    signed = authorization(
        asked["endpoint"], private_key=asked["private_key"], subject=asked["subject"], now=asked["now"]
    )
    return {"body": encoded(body), "authorization": signed}


if __name__ == "__main__":
    main()
