"""The sample: ten real records of July 2025, for a first look while there is nothing else to show."""

import json
from datetime import UTC, datetime
from pathlib import Path

from webapp.domain.entry import EntryKind
from webapp.ll2.parse import parse_page
from webapp.store import Store

SAMPLE_INSTANT = datetime(2025, 7, 19, 12, tzinfo=UTC)
"""What the sample's clock says when Perigee starts: the day on which these records were current."""


def fill_sample(store: Store, page_file: Path) -> None:
    """Put the sample into its own store, which must be migrated. Filling it again changes nothing."""
    page = parse_page(json.loads(page_file.read_text("utf-8")))
    with store.write() as writer:
        writer.upsert_entries(page.received, now=SAMPLE_INSTANT)
        writer.update_progress(EntryKind.EVENT, imported_at=SAMPLE_INSTANT)
