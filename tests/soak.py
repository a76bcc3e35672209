"""Campaigns have two lengths: a short one for every day, and the long one of `make soak`."""

import os

IS_LONG = bool(os.environ.get("PERIGEE_SOAK"))
"""Whether `make soak` asked for the long form."""


def length(short: int, *, long: int) -> int:
    """Give how many rounds, requests or examples a campaign has today."""
    return long if IS_LONG else short
