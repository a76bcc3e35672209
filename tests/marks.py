"""What tests are marked with by themselves, in which order they run, and what they may start."""

from pathlib import Path

import pytest

_BROWSER_TESTS = Path(__file__).parent / "browser"
_OF_FIXTURES = {"browser": "browser", "postgres": "service", "live": "service"}
_OF_PARAMETERS = {"postgresql": "service"}
_LONG = frozenset({"slow", "campaign"})
_ALLOW_SERVICES = frozenset({"service", "browser"})


def add_marks(item: pytest.Item) -> None:
    """Mark a test by its folder, by the fixtures that it is given, and by the engine that is its parameter."""
    if _BROWSER_TESTS in item.path.parents:
        item.add_marker("browser")
    for fixture in getattr(item, "fixturenames", ()):
        if fixture in _OF_FIXTURES:
            item.add_marker(_OF_FIXTURES[fixture])
    callspec = getattr(item, "callspec", None)
    for value in callspec.params.values() if callspec else ():
        if isinstance(value, str) and value in _OF_PARAMETERS:
            item.add_marker(_OF_PARAMETERS[value])


def is_long(item: pytest.Item) -> bool:
    """Whether a test takes so long that it should be among the first to begin."""
    return bool(_LONG & _names(item))


class Guard:
    """Holds tests to their marks: whoever starts a service without one would make the quick part slow, or skip it."""

    running: pytest.Item | None = None

    @classmethod
    def claim_service(cls) -> None:
        """Fail the test that is running unless it may start a service; programs that are no tests may."""
        if cls.running is not None and not _ALLOW_SERVICES & _names(cls.running):
            pytest.fail("it starts a service: mark it with pytest.mark.service")


def _names(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}
