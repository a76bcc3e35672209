"""The documentation says what is so."""

import re
from pathlib import Path

from webapp.domain.durations import BY_TYPE, DEFAULT
from webapp.domain.parameters import PARAMETERS, Part, Surface
from webapp.feeds.formats import CHANGE_FORMATS, EVENT_FORMATS
from webapp.web.addresses import CHANGES_FEED, EVENTS_FEED

ROOT = Path(__file__).parent.parent
FEEDS = (ROOT / "docs" / "feeds.md").read_text("utf-8")


def test_every_parameter_of_the_feeds_is_documented_in_its_own_words() -> None:
    rows = [line for line in FEEDS.splitlines() if line.startswith("| `") and "=" in line]
    assert rows == [
        f"| `{one.name}` | {one.meaning} | `{one.name}={one.example}` |"
        for one in PARAMETERS
        if one.part is not Part.VIEW and Surface.PAGES in one.surfaces
    ]


def test_every_feed_is_documented_in_readme_and_feeds() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for feed, formats in ((EVENTS_FEED, EVENT_FORMATS), (CHANGES_FEED, CHANGE_FORMATS)):
        rows = [line for line in FEEDS.splitlines() if line.startswith(f"| `{feed}.")]
        assert re.findall(r"\.([a-z]+)`", " ".join(rows)) == [one.suffix for one in formats]
    assert [suffix for suffix in ("ics", "rss") if f"{EVENTS_FEED}.{suffix}" not in readme] == []


def test_the_table_of_lengths_is_the_one_that_is_used() -> None:
    """Each length stands in its row; a type's own name is in a comment beside its figure."""
    source = (ROOT / "webapp" / "domain" / "durations.py").read_text("utf-8")
    names = {int(number): name for number, name in re.findall(r"^    (\d+): .*#\s*(.+)$", source, re.MULTILINE)}
    documented: dict[str, str] = {}
    for types, length in re.findall(r"^\| ([A-Z][^|]+) \| ((?:\d+ (?:h|min) ?)+)\|$", FEEDS, re.MULTILINE):
        documented |= dict.fromkeys(types.split(", "), length.strip())
    expected = {
        names[number]: _words(length.total_seconds()) for number, length in BY_TYPE.items() if length != DEFAULT
    }
    assert documented == expected


def test_links_between_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_decisions_are_short() -> None:
    for record in (ROOT / "docs" / "adr").glob("*.md"):
        assert len(record.read_text("utf-8").splitlines()) <= 40, record.name


def _words(seconds: float) -> str:
    hours, minutes = divmod(int(seconds) // 60, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
