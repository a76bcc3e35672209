"""What tests are marked with by themselves, in which order they run, and what they may start."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import pytest

_BROWSER_TESTS = Path(__file__).parent / "browser"
_OF_FIXTURES = {"browser": "browser", "postgres": "service", "live": "service"}
_OF_PARAMETERS = {"postgresql": "service"}
_WEIGHTS = {"slow": 1, "campaign": 5}
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


def in_parts(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Order tests so that each of the workers, which begin with equal parts, has its share of the long ones first.

    Long ones of one module stay together, since they share what takes long to start. What a worker takes from another
    later (pytest-xdist's `worksteal`) is from the end of its part.
    """
    modules: defaultdict[Path, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if _weight(item):
            modules[item.path].append(item)
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for module in sorted(modules.values(), key=_weight_of_all, reverse=True):
        min(shares, key=_weight_of_all).extend(module)
    quick = iter([item for item in items if not _weight(item)])
    ordered: list[pytest.Item] = []
    for place, share in enumerate(shares):
        part = (len(items) - len(ordered)) // (workers - place)
        ordered += [*share, *islice(quick, max(part - len(share), 0))]
    return [*ordered, *quick]


def _weight_of_all(items: Iterable[pytest.Item]) -> int:
    return sum(map(_weight, items))


def _weight(item: pytest.Item) -> int:
    """Say roughly how long a test takes: nothing for one that is quick."""
    return max((_WEIGHTS.get(name, 0) for name in _names(item)), default=0)


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
