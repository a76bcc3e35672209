"""How long an event of each type is taken to last in a calendar.

Launch Library gives no end: its `duration` is the length of the main webcast, and null on nearly every future event.
The figures are rounded from how long such events usually take; `docs/feeds.md` prints this table for subscribers.
"""

from datetime import timedelta

DEFAULT = timedelta(hours=1)

BY_TYPE = {
    2: timedelta(hours=1),  # Docking
    3: timedelta(hours=6, minutes=30),  # Spacewalk
    4: timedelta(hours=1),  # Spacecraft Berthing
    5: timedelta(minutes=30),  # Static Fire
    7: timedelta(hours=1),  # Moon Landing
    8: timedelta(minutes=30),  # Spacecraft Undocking
    9: timedelta(hours=1),  # Spacecraft Landing
    11: timedelta(hours=3),  # Celestial Event
    12: timedelta(minutes=30),  # Hatch Opening
    13: timedelta(minutes=30),  # Spacecraft Release
    14: timedelta(hours=2),  # Test Flight
    15: timedelta(minutes=30),  # Change of Command
    18: timedelta(hours=3),  # Rehearsal
    20: timedelta(hours=1),  # Press Event
    22: timedelta(hours=6),  # Wet Dress Rehearsal
    24: timedelta(hours=1),  # Launch
    28: timedelta(hours=2),  # Public Hearing
}


def usual_duration(type_id: int) -> timedelta:
    """Give how long a calendar entry for this event type lasts."""
    return BY_TYPE.get(type_id, DEFAULT)
