"""A colour for each type of event, where a calendar can show one: RFC 7986, 5.9 wants a CSS3 name."""

_BY_TYPE = {
    2: "steelblue",  # Docking
    3: "darkorange",  # Spacewalk
    4: "steelblue",  # Spacecraft Berthing
    5: "firebrick",  # Static Fire
    7: "slategray",  # Moon Landing
    8: "cadetblue",  # Spacecraft Undocking
    9: "seagreen",  # Spacecraft Landing
    10: "firebrick",  # Abort Test
    11: "indigo",  # Celestial Event
    12: "steelblue",  # Hatch Opening
    13: "cadetblue",  # Spacecraft Release
    14: "firebrick",  # Test Flight
    20: "goldenrod",  # Press Event
    22: "firebrick",  # Wet Dress Rehearsal
    23: "mediumpurple",  # Flyby
    24: "crimson",  # Launch
    29: "steelblue",  # Spacecraft Capture
    30: "firebrick",  # Vehicle Testing
}


def color_of(type_id: int) -> str:
    """Give the CSS3 colour name for an event type."""
    return _BY_TYPE.get(type_id, "midnightblue")
