"""Perigee: a self-hosted dashboard and calendar of upcoming space events."""

from datetime import UTC, datetime

__version__ = "0.2.0"

RELEASED_AT = datetime(2026, 11, 26, tzinfo=UTC)
"""When this version was released: no answer that it makes can claim to be older (`Last-Modified`)."""
