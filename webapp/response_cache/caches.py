"""Everything that a process keeps in memory for its visitors, and how one budget of bytes is shared among it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from webapp.response_cache.byte_lru import ByteLRU
from webapp.response_cache.cache_key import CacheKey
from webapp.response_cache.cached_response import CachedResponse
from webapp.response_cache.fragments import FragmentCache
from webapp.response_cache.single_flight import SingleFlight
from webapp.response_cache.versions import VersionTracker

CACHES = "perigee.caches"
"""Under which name a Flask application has its `Caches`."""

PictureCache = ByteLRU[tuple[int, str], bytes]
"""Files of pictures by the generation in which they were read, and their place: none that is forgotten is given."""

# Eighths of the budget. Each has its own, so that a crawler, who fills the first two, evicts no fragment (ADR 28).
_FOR_RESPONSES, _FOR_LISTS, _FOR_PICTURES, _FOR_FRAGMENTS = 3, 1, 1, 3


@dataclass(frozen=True, slots=True)
class Caches:
    """What is kept: finished responses; lists of events as HTML, without what every page says of the source; fragments;
    files of pictures.

    `versions` tells how long responses and lists are right; `rendering` has each list rendered by one thread.
    """

    versions: VersionTracker
    responses: ByteLRU[CacheKey, CachedResponse]
    lists: ByteLRU[Hashable, bytes]
    fragments: FragmentCache
    pictures: PictureCache
    rendering: SingleFlight = field(default_factory=SingleFlight)


def make_caches(versions: VersionTracker, *, max_bytes: int) -> Caches:
    """Make empty caches that together hold at most so many bytes."""
    eighth = max_bytes // 8
    return Caches(
        versions,
        ByteLRU(_FOR_RESPONSES * eighth),
        ByteLRU(_FOR_LISTS * eighth),
        FragmentCache(_FOR_FRAGMENTS * eighth),
        ByteLRU(_FOR_PICTURES * eighth),
    )


def current_caches() -> Caches:
    """Give the caches of the present request's application."""
    return cast("Caches", current_app.extensions[CACHES])
