"""The numbers of requests, and what is noted of them."""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from tests.fake_ll2 import make_record
from tests.site import Site
from webapp.logs import JsonFormatter, PlainFormatter
from webapp.ops import Metrics, Recorder
from webapp.web.request_id import request_id

MakeSite = Callable[..., Site]


def failing(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    logging.getLogger("inner").error("it broke")
    start_response("500 INTERNAL SERVER ERROR", [("Content-Length", "0")])
    return []


def client(*, trusts_ids: bool = False, seconds: float = 0.0) -> Client:
    ticks = iter([10.0, 10.0 + seconds])
    return Client(Recorder(failing, Metrics(), trusts_ids=trusts_ids, timer=lambda: next(ticks)))


def test_a_failure_has_the_number_that_its_line_has() -> None:
    formatter = JsonFormatter()
    lines = list[str]()
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]
    logging.getLogger("inner").addHandler(handler)
    answer = client().get("/")
    logging.getLogger("inner").removeHandler(handler)
    logged = json.loads(lines[0])
    assert (logged["level"], logged["logger"], logged["message"]) == ("error", "inner", "it broke")
    assert logged["request_id"] == answer.headers["X-Request-ID"]
    assert len(logged["request_id"]) == 16
    assert request_id.get() is None


@pytest.mark.parametrize(
    ("given", "trusts", "is_taken"),
    [
        ("abcdef-0123456789", True, True),
        ("abcdef-0123456789", False, False),
        ("a", True, False),
        ("x\ny" * 9, True, False),
    ],
)
def test_a_harmless_number_of_a_proxy_is_taken(given: str, *, trusts: bool, is_taken: bool) -> None:
    answer = client(trusts_ids=trusts).get("/", environ_overrides={"HTTP_X_REQUEST_ID": given})
    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_an_answer_that_is_well_has_none(site: MakeSite) -> None:
    assert "X-Request-ID" not in site(make_record(1)).client.get("/").headers


@pytest.mark.parametrize(("seconds", "expected"), [(0.99, []), (1.5, ["slow: GET /past took 1.5 s"])])
def test_a_slow_answer_is_told_without_what_was_asked(
    caplog: pytest.LogCaptureFixture, seconds: float, expected: list[str]
) -> None:
    client(seconds=seconds).get("/past?q=private", headers={"User-Agent": "someone", "Cookie": "x=y"})
    found = [record.getMessage() for record in caplog.records if record.name == "webapp.ops.recorder"]
    assert found == expected


def test_lines_for_people_say_when_in_utc_and_end_with_the_number() -> None:
    record = logging.LogRecord("a.b", logging.INFO, "", 0, "done %s", ("it",), None)
    record.created = 1_767_225_600.25
    token = request_id.set("0123456789abcdef")
    try:
        assert PlainFormatter().format(record) == "2026-01-01T00:00:00.250Z INFO a.b: done it [0123456789abcdef]"
    finally:
        request_id.reset(token)
    assert PlainFormatter().format(record) == "2026-01-01T00:00:00.250Z INFO a.b: done it"


def test_nothing_from_outside_begins_a_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    client(seconds=2).get("/past%0A2026-03-01 00:00:00 ERROR forged%0D%1B[31m")
    (record,) = [record for record in caplog.records if record.name == "webapp.ops.recorder"]
    (line,) = PlainFormatter().format(record).splitlines()
    assert line.endswith("slow: GET /past\\x0a2026-03-01 00:00:00 ERROR forged\\x0d\\x1b[31m took 2.0 s")


def test_a_line_is_one_line_whatever_upstream_puts_into_it() -> None:
    hostile = "a\nb\r\x85c\u2028d\u2029e\x1b[31m\x9b\x00"
    record = logging.makeLogRecord(
        {"name": "a", "levelname": "WARNING", "msg": "%s", "args": (hostile,), "task": hostile}
    )
    (words,) = PlainFormatter().format(record).splitlines()
    assert words.endswith(r"WARNING a: a\x0ab\x0d\x85c d e\x1b[31m\x9b\x00")
    (fields,) = JsonFormatter().format(record).splitlines()
    assert fields.isprintable()
    assert (json.loads(fields)["message"], json.loads(fields)["task"]) == (hostile, hostile)


def test_lines_for_programs_carry_what_they_were_given_and_what_went_wrong() -> None:
    try:
        int("wrong")
    except ValueError as error:
        record = logging.LogRecord("a", logging.ERROR, "", 0, "é", (), (type(error), error, error.__traceback__))
    record.created, record.task = 1_767_225_600.25, "sweep"
    logged = json.loads(JsonFormatter().format(record))
    assert logged.pop("exception").endswith("ValueError: invalid literal for int() with base 10: 'wrong'")
    assert logged == {
        "time": "2026-01-01T00:00:00.250Z", "level": "error", "logger": "a", "message": "é", "task": "sweep",
    }  # fmt: skip
