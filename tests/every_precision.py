"""A thousand events of every precision around one moment, drawn by a seeded generator: the same at every run."""

from datetime import datetime, timedelta
from random import Random

from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.fake_ll2.timetable import snapped

_SEED = 20260301
_REACH = 400 * 24 * 60  # In minutes, before and after.
_PRECISIONS = (*range(17), None)


def records_of_every_precision(now: datetime, count: int = 1000) -> list[Record]:
    """Give that many, from 400 days before `now` to 400 after; each precision is as frequent, also among the nearest.

    Every other date stands where the source would put it, the others anywhere in their period; one of fifty has none.
    """
    random = Random(_SEED)  # noqa: S311 - no secret is made of it
    return [_record(number, now, random) for number in range(1, count + 1)]


def _record(number: int, now: datetime, random: Random) -> Record:
    precision_id = _PRECISIONS[number % len(_PRECISIONS)]
    # A fourth of them lie within a month.
    reach = _REACH // 12 if random.random() < 1 / 4 else _REACH
    moment = now.replace(second=0, microsecond=0) + timedelta(minutes=random.randint(-reach, reach))
    date = snapped(moment, precision_id) if random.random() < 1 / 2 else moment
    return make_record(
        number,
        date=None if number % 50 == 0 else stamp(date),
        date_precision=None if precision_id is None else precision(precision_id),
    )
