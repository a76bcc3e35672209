"""Campaigns have two lengths: a short one for every day, and the long one of `make soak`."""

import os
from typing import TypeVar

Given = TypeVar("Given")

IS_LONG = bool(os.environ.get("PERIGEE_SOAK"))
"""Whether `make soak` asked for the long form."""


def length(short: Given, *, long: Given) -> Given:
    """Give how many rounds, requests or examples a campaign has today, or which."""
    return long if IS_LONG else short
