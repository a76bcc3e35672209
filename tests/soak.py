"""Campaigns have two lengths: a short one for every day, and the long one of `make soak`."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

Given = TypeVar("Given")

IS_LONG = bool(os.environ.get("PERIGEE_SOAK"))
"""Whether `make soak` asked for the long form."""


def length(short: Given, *, long: Given) -> Given:
    """Give how many rounds, requests or examples a campaign has today, or which."""
    return long if IS_LONG else short


def every_day(cases: Sequence[object], *, one_of: int) -> list[object]:
    """Give all cases of a test's parameters; one of so many runs every day, the others only in `make soak`."""
    return [case if place % one_of == 0 else _in_soak(case) for place, case in enumerate(cases)]


def _in_soak(case: object) -> object:
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.soak)
