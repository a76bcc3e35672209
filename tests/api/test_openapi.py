"""The description says what is so: it is valid, it is made of the table, and what it promises is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.fake_ll2 import make_records
from tests.processes import Server
from tests.site import Site
from tests.soak import length
from webapp.api.openapi import describe_api
from webapp.domain.parameters import PARAMETERS, Surface
from webapp.runtime import utc_now

MakeSite = Callable[..., Site]
LISTS = tuple(f"/2.3.0/{kind}/{which}" for kind in ("events", "launches") for which in ("", "upcoming/", "previous/"))

load_all_checks()
# The dialect is lenient by design: what makes no sense in a view is passed over.
UNWANTED = {"negative_data_rejection"}
WANTED = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in UNWANTED]


@pytest.fixture(scope="module")
def one(shared: MakeSite) -> Site:
    return shared(*make_records(60, now=utc_now()), now=utc_now())


@pytest.fixture(scope="module")
def described(live: Server) -> Any:
    return schemathesis.openapi.from_url(f"{live.url}/openapi.json")


# Where nothing can be given, nothing wrong can be given either.
@pytest.mark.campaign
@pytest.mark.parametrize(
    ("path", "generated"),
    [
        (path, generated)
        for path, methods in describe_api("")["paths"].items()
        for generated in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        if generated is GenerationMode.POSITIVE or "parameters" in methods["get"]
    ],
)
def test_what_is_promised_is_kept(described: Any, path: str, generated: GenerationMode) -> None:
    operation = described[path]["GET"]

    @settings(
        max_examples=length(10, long=1_000), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=generated))
    def keeps_it(case: Any) -> None:
        case.call_and_validate(checks=WANTED)

    keeps_it()


def test_the_description_is_valid_openapi_3_1(one: Site) -> None:
    document = json.loads(one.get("/openapi.json")[1])
    assert document["openapi"].startswith("3.1.")
    validate(document)
    assert document["servers"] == [{"url": "http://localhost"}]


@pytest.mark.parametrize("path", LISTS)
def test_every_parameter_is_in_it_and_nothing_else(path: str) -> None:
    (operation,) = describe_api("https://events.example.org")["paths"][path].values()
    expected = [one.name for one in PARAMETERS if surface_of(path) in one.surfaces]
    if not path.endswith("/upcoming/"):
        expected.remove("hide_recent_previous")
    assert [one["name"] for one in operation["parameters"]] == expected
    assert [one["name"] for one in operation["parameters"] if not one["description"].startswith(_meaning(one))] == []


def surface_of(path: str) -> Surface:
    return Surface.LAUNCHES_API if "/launches/" in path else Surface.EVENTS_API


def _meaning(described: dict[str, Any]) -> str:
    (meaning,) = [one.meaning for one in PARAMETERS if one.name == described["name"]]
    return meaning
