"""The documentation says what is so."""

import re
from pathlib import Path

from webapp.domain.durations import BY_TYPE, DEFAULT
from webapp.domain.parameter_types import LARGEST_LIMIT, LARGEST_OFFSET, LONGEST_TEXT, MOST_IDS
from webapp.domain.parameters import PARAMETERS, Part, Surface
from webapp.feeds.formats import CHANGE_FORMATS, EVENT_FORMATS
from webapp.listening import MOST_CONNECTIONS, READ_WITHIN_SECONDS
from webapp.ll2 import cache_storage, transport
from webapp.pictures import asking, cards, fetch
from webapp.serving import HEAD_WITHIN_SECONDS, LARGEST_HEAD, STOPS_WITHIN_SECONDS
from webapp.store.writing import MOST_REJECTED
from webapp.web.addresses import CHANGES_FEED, EVENTS_FEED
from webapp.web.request_limits import LONGEST_ADDRESS, LONGEST_HEADER

ROOT = Path(__file__).parent.parent
FEEDS = (ROOT / "docs" / "feeds.md").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
MANUAL = (ROOT / "docs" / "operating.md").read_text("utf-8")
MIB = 2**20
PICTURE_MAKER_MIB = 384
NUMERALS = {10: "ten", 15: "fifteen", 20: "twenty", 1000: "thousand", 1_000_000: "million"}


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


def test_every_test_that_shows_a_defence_is_there() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", SECURITY))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_limits_that_are_promised_are_those_that_are_used() -> None:
    promised = [
        (
            f"{LONGEST_ADDRESS:,} characters, a {NUMERALS[MOST_IDS]} ids, an offset of a {NUMERALS[LARGEST_OFFSET]}, "
            f"{LONGEST_TEXT} characters of text, {LARGEST_LIMIT} per page"
        ),
        f"limited to {transport.DEADLINE_SECONDS:.0f} seconds and {transport.MOST_BYTES // MIB} MiB",
        f"within {NUMERALS[HEAD_WITHIN_SECONDS]} seconds and fit into about {LARGEST_HEAD // 2**10} KiB",
        f"closed after {NUMERALS[READ_WITHIN_SECONDS]} seconds (Linux); {MOST_CONNECTIONS:,} connections per process",
    ]
    explained = [
        f"Each call may take {transport.DEADLINE_SECONDS:.0f} seconds and return {transport.MOST_BYTES // MIB} MiB",
        f"it has at most {cache_storage.MOST_BYTES // MIB} MiB and a week of data",
        f"The latest {NUMERALS[MOST_REJECTED]} are kept",
        (
            f"at most {asking.HOURLY_BYTES // MIB} MiB an hour from all hosts together, "
            f"and {fetch.MOST_BYTES // MIB} MiB and {fetch.DEADLINE_SECONDS:.0f} seconds for each picture"
        ),
        f"of the {cards.MOST_CARDS} soonest entries",
        f"within {NUMERALS[STOPS_WITHIN_SECONDS]} seconds",
        f"Request headers over {LONGEST_HEADER:,} characters are ignored",
        f"| Open connections per process | {MOST_CONNECTIONS:,},",
    ]
    assert [words for words in promised if words not in _plain(SECURITY)] == []
    assert [words for words in explained if words not in _plain(MANUAL)] == []


def test_the_memory_that_is_told_is_what_was_measured() -> None:
    measured = (ROOT / "bench" / "results" / "memory.txt").read_text("utf-8")
    row = r"^ +(\d+) +(\d+) +(\d+)  workers (\d+), parent (\d+), helper (\d+)$"
    one, four = re.findall(row, measured, re.MULTILINE)
    _, at_rest, at_most, worker, parent, helper = one
    assert f"a worker that syncs ({worker}), its parent ({parent}) and a helper ({helper}) | {at_rest} |" in MANUAL
    assert f"| {at_most}; {int(at_rest) + PICTURE_MAKER_MIB} at most |" in MANUAL
    assert (one[0], four[0], f"| {four[1]}; {four[2]} |" in MANUAL) == ("1", "4", True)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"all its processes, takes {at_rest} MiB at rest, and {four[1]} with four workers" in readme


def test_every_recipe_allows_the_memory_that_a_service_may_take() -> None:
    (caches, connections) = re.findall(r"^\| Each worker, .* \| (\d+) more \|$", MANUAL, re.MULTILINE)
    (at_most,) = re.findall(r"; (\d+) at most \|$", MANUAL, re.MULTILINE)
    (limit,) = re.findall(r"^    MemoryMax=(\d+)M$", MANUAL, re.MULTILINE)
    assert int(at_most) + int(caches) + int(connections) <= int(limit)
    assert f"`MemoryMax={limit}M`" in MANUAL
    assert f"--memory={limit}m\n" in (ROOT / "perigee.container").read_text("utf-8")
    assert f"mem_limit: {limit}m\n" in (ROOT / "compose.yaml").read_text("utf-8")


def test_the_growth_that_is_told_is_what_was_measured() -> None:
    measured = (ROOT / "bench" / "results" / "growth.txt").read_text("utf-8")
    a_day = {name: float(more) for name, more in re.findall(r"^(.+?) +\d+ +\d+ +([\d.]+)$", measured, re.MULTILINE)}
    assert f"the database then grew by {a_day['in all']:.0f} KiB a day" in MANUAL
    for table in ("changes", "date_cases"):
        assert re.search(rf"\(`{table}`\) \| (.*: )?{a_day[table]:.0f} KiB a day \|", MANUAL), table
    ((plain, json),) = re.findall(r"^KiB of logs a day: (\d+), (\d+)$", measured, re.MULTILINE)
    assert f"| {plain} KiB a day, {json} as JSON;" in MANUAL
    ((event, launch),) = re.findall(r"^KiB an entry: (\d+) for an event, (\d+) for a launch$", measured, re.MULTILINE)
    assert f"| {event} KiB for an event, {launch} for a launch;" in MANUAL


def test_decisions_are_short() -> None:
    for record in (ROOT / "docs" / "adr").glob("*.md"):
        assert len(record.read_text("utf-8").splitlines()) <= 40, record.name


def _plain(text: str) -> str:
    """Take the line breaks out, which change nothing."""
    return " ".join(text.split())


def _words(seconds: float) -> str:
    hours, minutes = divmod(int(seconds) // 60, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
