"""Entries as feeds publish them: with the addresses of their pages, their latest slips and their pictures."""

from collections.abc import Sequence
from datetime import UTC, datetime

from webapp.domain.entry import EntryKind, StoredEntry
from webapp.domain.picture_words import alternative_of, caption_of
from webapp.domain.pictures import ShownPicture
from webapp.feeds.about import PublishedEntry, PublishedPicture
from webapp.instance.site import site
from webapp.store import Snapshot
from webapp.web.addresses import card_path, entry_path, picture_address

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def publish(
    snapshot: Snapshot, stored: Sequence[StoredEntry], *, likely_at: datetime | None = None
) -> list[PublishedEntry]:
    """Give these entries as the feeds of the present request's site publish them, in the same order.

    With an instant `likely_at`, with how dates have held that lay so far ahead as theirs do then.
    """
    address, drawn = site().address(), site().card_types
    slips = snapshot.list_slips(stored, since=_BEGINNING)
    shown = snapshot.pictures.list_shown(stored, site().pictures)
    statistics, published = snapshot.statistics, []
    for one in stored:
        key, slip, picture = one.entry.key, slips.get(one.entry.key), shown.get(one.entry.key)
        published.append(
            PublishedEntry(
                one,
                page_url=address + entry_path(one.entry),
                card_url=address + card_path(one.entry.type.id, drawn),
                slip=slip.change if slip else None,
                picture=_publish_picture(picture, key.kind, address) if picture else None,
                likelihood=statistics.likelihood_of(one, likely_at) if likely_at else None,
            )
        )
    return published


def _publish_picture(shown: ShownPicture, kind: EntryKind, address: str) -> PublishedPicture:
    file = shown.widest
    return PublishedPicture(
        file=file,
        url=address + picture_address(file.path),
        alternative=alternative_of(shown.picture),
        caption=caption_of(shown.picture, kind),
    )
