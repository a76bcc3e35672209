"""The pictures of the demo: the same engine as for real ones, but the originals are at hand, and nobody is asked."""

import hashlib
from functools import partial

from webapp.demo.picture_originals import list_originals
from webapp.domain.clock import Clock
from webapp.domain.pictures import PicturePolicy
from webapp.pictures.engine import PictureEngine
from webapp.pictures.fetch import Gone, Original, Outcome, Unchanged, Validators
from webapp.pictures.making_process import find_maker
from webapp.store import Store

_NOT_FOUND = 404
_MOST_CARDS = 20  # It begins anew at each start, and whoever tries it out should not wait for more.


def make_demo_pictures(store: Store, clock: Clock, *, policy: PicturePolicy, most_bytes: int) -> PictureEngine:
    """Make what gives the demo's store its pictures and cards; nobody else writes to them, so there is no lease."""
    return PictureEngine(
        store, write=store.write, is_held=lambda: True, clock=clock, fetch=partial(_give, list_originals()),
        maker=find_maker(), policy=policy, most_bytes=most_bytes, most_cards=_MOST_CARDS,
    )  # fmt: skip


def _give(originals: dict[str, bytes], url: str, validators: Validators) -> Outcome:
    content = originals.get(url)
    if content is None:
        return Gone(_NOT_FOUND)
    etag = hashlib.sha256(content).hexdigest()
    return Unchanged() if validators.etag == etag else Original(content, Validators(etag))
