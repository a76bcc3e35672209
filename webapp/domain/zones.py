"""Time zones by their names in the tz database, and how an instant reads in one."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

UTC_ZONE = ZoneInfo("UTC")
"""The zone of all days and times where none is asked for."""

_ALSO_UTC = frozenset({"etc/uct", "etc/universal", "etc/utc", "etc/zulu", "uct", "universal", "utc", "z", "zulu"})
_NO_ZONES = frozenset({"factory", "localtime", "posixrules"})


@cache
def zone_names() -> dict[str, str]:
    """Give the name of every zone by its case-folded form."""
    return {name.casefold(): name for name in sorted(available_timezones()) if name.casefold() not in _NO_ZONES}


def zone_named(name: str) -> ZoneInfo:
    """Give a zone by its name, such as `Europe/Paris`, in letters of any case. Raises `ValueError` if there is none."""
    folded = name.casefold()
    if folded in _ALSO_UTC:
        return UTC_ZONE
    if folded not in zone_names():
        raise ValueError(name)
    return ZoneInfo(zone_names()[folded])


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Give the same instant in a zone; one that would leave the years 1 to 9999 stays in UTC."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def zone_label(moment: datetime) -> str:
    """Give the short label of an aware instant's zone: `UTC`, `CEST`, or, where no letters name it, `UTC+5:45`."""
    name = moment.tzname() or ""
    if name.isalpha():
        return name
    offset = moment.utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    return f"UTC{'-' if offset < timedelta(0) else '+'}{hours}" + (f":{rest:02}" if rest else "")
