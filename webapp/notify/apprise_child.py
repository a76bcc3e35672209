"""The child process that sends by Apprise: `python -m webapp.notify.apprise_child`.

Each line on standard input is a request in JSON, and is answered by one on standard output. It ends by itself when
nothing has come for a while, and with its parent, which closes its input then.
"""

import json
import logging
import os
import select
import sys
from typing import Any, Final

from apprise import Apprise, AppriseAsset, NotifyFormat

IDLE_SECONDS: Final = 300.0
_WORDS_OF_FAULT: Final = 160


class _LastWords(logging.Handler):
    """Keeps the last thing that Apprise complained of: it says why in its log alone."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.words = record.getMessage().split("\n")[0][:_WORDS_OF_FAULT]


def main() -> None:
    """Answer requests until none comes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # Whatever a plugin prints is no answer.
    last = _LastWords()
    logger = logging.getLogger("apprise")
    logger.addHandler(last)
    logger.propagate = False
    while (line := _next_line()) is not None:
        answers.write(json.dumps(_answer(json.loads(line), last)) + "\n")
        answers.flush()


def _next_line() -> bytes | None:
    """Read a line; `None` where there is none for long, or none any more."""
    ready, _, _ = select.select([sys.stdin.buffer], [], [], IDLE_SECONDS)
    return (sys.stdin.buffer.readline() or None) if ready else None


def _answer(request: dict[str, Any], last: _LastWords) -> dict[str, Any]:
    last.words = ""
    asset = AppriseAsset(app_id="Perigee", app_desc="Perigee", app_url=request["about"], secure_logging=True)
    apprise = Apprise(asset=asset)
    if not apprise.add(request["target"]):
        return {"fault": "Apprise does not understand its address"}
    is_sent = apprise.notify(body=request["body"], title=request["title"], body_format=NotifyFormat.TEXT)
    return {} if is_sent else {"fault": last.words or "Apprise could not send it"}


if __name__ == "__main__":
    main()
