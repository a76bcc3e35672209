import pytest

from webapp.pages.clients import list_clients, unreachable_reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://events.example.org/feeds/events.ics", None),
        ("https://1.1.1.1/feeds/events.ics", None),
        ("http://events.example.org/", "they need an https address"),
        ("http://127.0.0.1:8000/", "127.0.0.1 works only on your local network"),
        ("http://[::1]:8000/", "::1 works only on your local network"),
        ("https://192.168.1.7/", "192.168.1.7 works only on your local network"),
        ("https://10.0.0.1/", "10.0.0.1 works only on your local network"),
        ("https://[fd00::1]/", "fd00::1 works only on your local network"),
        ("https://localhost/", "localhost works only on your local network"),
        ("https://almanac.local/", "almanac.local works only on your local network"),
        ("https://almanac/", "almanac works only on your local network"),
    ],
)
def test_what_cannot_be_reached_from_elsewhere_is_told_why(url: str, reason: str | None) -> None:
    assert unreachable_reason(url) == reason


def test_each_program_is_given_the_address_as_it_wants_it() -> None:
    ical = "https://events.example.org/feeds/events.ics?type__ids=2,8&vague=span"
    clients = list_clients(ical, ical.replace("https:", "webcal:"), title="Space events")
    assert {one.name: one.url for one in clients} == {
        "Apple Calendar, Thunderbird and others": (
            "webcal://events.example.org/feeds/events.ics?type__ids=2,8&vague=span"
        ),
        "Google Calendar": (
            "https://calendar.google.com/calendar/r?cid="
            "webcal%3A%2F%2Fevents.example.org%2Ffeeds%2Fevents.ics%3Ftype__ids%3D2%2C8%26vague%3Dspan"
        ),
        "Outlook.com": (
            "https://outlook.live.com/calendar/0/addfromweb?"
            "url=https%3A%2F%2Fevents.example.org%2Ffeeds%2Fevents.ics%3Ftype__ids%3D2%2C8%26vague%3Dspan"
            "&name=Space+events"
        ),
        "Outlook for work": (
            "https://outlook.office.com/calendar/0/addfromweb?"
            "url=https%3A%2F%2Fevents.example.org%2Ffeeds%2Fevents.ics%3Ftype__ids%3D2%2C8%26vague%3Dspan"
            "&name=Space+events"
        ),
    }


def test_on_loopback_only_programs_of_the_same_machine_have_a_link() -> None:
    clients = list_clients("http://127.0.0.1:8000/a.ics", "webcal://127.0.0.1:8000/a.ics", title="Space events")
    assert [one.url is not None for one in clients] == [True, False, False, False]
