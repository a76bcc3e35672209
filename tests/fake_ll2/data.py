"""Real data that tests read in place, from the folder that PERIGEE_TEST_DATA names. None of it is in this project."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fake_ll2.shapes import Record

VARIABLE = "PERIGEE_TEST_DATA"


# Not `test_data`: pytest would collect that name in every module that imports it.
def data_folder() -> Path:
    """The folder with `seed-events.json` and its neighbours; skips the test when the variable is unset."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} is unset: this test reads real data from the folder it names")
    return Path(folder)


def read_json(name: str) -> Any:
    """A file of the folder, parsed."""
    return json.loads((data_folder() / name).read_text(encoding="utf-8"))


def seed_page() -> Record:
    """A page that Launch Library 2.3.0 answered in July 2025: ten events in `normal` mode, in its envelope."""
    page: Record = read_json("seed-events.json")
    return page


def seed_records() -> list[Record]:
    """The ten events of the seed page as detailed records, with nothing in what `normal` mode leaves out."""
    unknown: Record = {"agencies": [], "launches": [], "expeditions": [], "spacestations": [], "program": []}
    unknown |= {"astronauts": [], "response_mode": "detailed"}
    return [record | unknown for record in seed_page()["results"]]


def real_records_2_1() -> list[Record]:
    """The 193 events of January 2021 in the 2.1.0 shape, as they are; raise_2_1 makes them 2.3.0."""
    records: list[Record] = read_json("real-events-2.1.0.json")["results"]
    return records


def launches_schema() -> Record:
    """The same document, cut to the launches endpoints."""
    document: Record = read_json("launches-openapi.json")
    return document


def schema() -> Record:
    """The service's own OpenAPI 3.0.3 document, cut to the events endpoints."""
    document: Record = read_json("events-openapi.json")
    return document
