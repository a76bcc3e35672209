"""Records at the edges of what a query means: scripts and accents, wildcards and quotes, equal and missing dates."""

from collections.abc import Iterator
from itertools import count

from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.records import precision

_NAMES = (
    "Straße zum Mond", "STRASSE zum Mond", "strasse", "Ωmega Ω ohm Ω", "İstanbul ISTANBUL ıstanbul istanbul",
    "Łódź ŁÓDŹ łódź Lodz", "ΣΊΣΥΦΟΣ Σίσυφος σισυφοσ", "Cafe\u0301 CAFÉ café cafe", "ﬁnal oﬃce", "Å Å A\u030a",
    "Ⅻ ② ½ x²", "ＦＵＬＬ width", "ΌΣΟΣ ΐ ΰ", "ǅ ǆ Ǆ", "Crew-11 / nasa/jpl v2.0_rc",
    "100% done", "100_ done", "1000 done", "back\\slash", "it's O'Neill's", 'a "quoted" name', "\"", "a,b;c", "*",
    "NOT", "a OR b", "NEAR(a b)", "name:a", "-a +b", "(a", "{a}", "a & b | !c", "$1 :x ?", "--", "<b>bold</b> &amp;",
    "虚构事件 docking", "выдуманное СОБЫТИЕ", "حدث فضائي", "कार्यक्रम", "👩🏽‍🚀 walks", "tab\tand\nbreak", "w" * 70,
    "w" * 64 + "x", "w" * 63, "a", "A", "ab", "Abc",
)  # fmt: skip
_PLACES = (
    "Straße 5, Köln", "STRASSE 6", "Ωmega Base", "İzmir", "100% North", "a_b", "O'Hare", 'The "Pad"', "東京",
    "  two   spaces ",
)  # fmt: skip
_EDGES = (
    "0001-01-01T00:00:01Z", "9999-12-31T23:59:59Z", "2024-02-29T00:00:00Z", "2025-12-31T23:59:59Z",
    "2026-01-01T00:00:00Z", "2026-02-28T00:00:00Z", "2026-02-28T09:30:00Z", "2026-03-01T00:00:00Z",
    "2026-03-01T09:29:59Z", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00.5Z", "2026-03-02T00:30:00+02:00",
    "2026-03-31T00:00:00Z", "2026-09-30T00:00:00Z", "2026-10-01T00:00:00Z",
)  # fmt: skip
_VIDEOS = (
    "https://example.org/watch?v=1", "https://example.org/watch?v=2", "HTTPS://example.org/Watch?v=1", "",
    "javascript:1", "https://example.org/é?q=%25", " https://example.org/spaced ", "ftp://example.org/",
)  # fmt: skip


def tricky_records(first_id: int = 1001) -> list[Record]:
    """Give about 200 of them, with ids from `first_id` on."""
    return [make_record(id_, **fields) for id_, fields in zip(count(first_id), _fields(), strict=False)]


def _fields() -> Iterator[Record]:
    for number, name in enumerate(_NAMES):
        yield {"name": name, "description": _NAMES[-number], "location": _PLACES[number % len(_PLACES)], "slug": ""}
    for moment in _EDGES:
        yield from ({"date": moment, "date_precision": precision(number)} for number in range(0, 17, 4))
        yield {"date": moment, "date_precision": None, "last_updated": "2026-01-01T00:00:00Z"}
    for number in range(17):
        yield {"date": "2026-03-31T00:00:00Z", "date_precision": precision(number), "name": "Equal"}
        yield {"date": "2026-03-31T00:00:00Z", "date_precision": precision(number), "name": "Equal"}
    for number in (-1, 17, 2**31 - 1):
        yield {"date_precision": {"id": number, "name": "New", "abbrev": "N", "description": "Not yet known."}}
    for updated in (None, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z", "2026-02-30T00:00:00Z"[:8] + "01"):
        yield {"date": None, "date_precision": None, "last_updated": updated}
        yield {"date": None, "date_precision": precision(5), "last_updated": updated, "webcast_live": True}
        yield {"last_updated": updated, "webcast_live": True}
    yield from _parts()


def _parts() -> Iterator[Record]:
    for number, url in enumerate(_VIDEOS):
        yield {"vid_urls": [{"url": url}, {"url": _VIDEOS[number - 1]}, {"url": _VIDEOS[number - 1]}]}
    yield {"type": None, "agencies": None, "program": None, "location": None, "vid_urls": None, "slug": None}
    agencies = [{"id": 9001, "name": "Straße & Söhne", "abbrev": "S&S"}, {"id": 9002, "name": "Ω", "abbrev": ""}]
    yield {"agencies": agencies, "program": [{"id": 9003, "name": "Łunar_1 100%"}, {"id": 9004, "name": "Łunar 2"}]}
    yield {"agencies": [*agencies, {"id": 9001, "name": "Twice", "abbrev": "TW"}], "program": [], "slug": "A_b-C"}
    yield {"agencies": [agencies[1]], "slug": "not a slug"}
