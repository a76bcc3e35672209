"""An event in each of the three modes, with the keys in the order of the published schema (LL2 2.3.0, OpenAPI)."""

from tests.fake_ll2.shapes import Record

LIST_KEYS = (
    "id",
    "url",
    "name",
    "info_urls",
    "vid_urls",
    "image",
    "date",
    "slug",
    "type",
    "description",
    "webcast_live",
    "location",
    "date_precision",
    "response_mode",
    "duration",
)
NORMAL_KEYS = (*LIST_KEYS, "updates", "last_updated")
DETAILED_KEYS = (*NORMAL_KEYS, "agencies", "launches", "expeditions", "spacestations", "program", "astronauts")
MODES = {"list": LIST_KEYS, "normal": NORMAL_KEYS, "detailed": DETAILED_KEYS}


def in_mode(record: Record, mode: str, base: str, format_: str | None) -> Record:
    """A record cut to a mode, its `url` under `base`; a key it lacks stays absent, an unknown one comes last."""
    shown = {key: record[key] for key in MODES[mode] if key in record}
    shown |= {key: value for key, value in record.items() if key not in DETAILED_KEYS}
    if "url" in shown and "id" in shown:
        # The service repeats `format` in every address it writes.
        shown["url"] = f"{base}events/{shown['id']}/" + (f"?format={format_}" if format_ else "")
    if "response_mode" in shown:
        shown["response_mode"] = mode
    return shown
