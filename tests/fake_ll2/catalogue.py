"""Launch Library's small tables: precisions, event types, agencies, programs. Ids and names as the service gives them.

The precision descriptions of ids 0, 1, 2, 5, 7 and 14 are the service's own words; the others follow their pattern.
"""

from tests.fake_ll2.parts import agency_object, program_object
from tests.fake_ll2.shapes import Record

# id, name, abbrev, description
PRECISIONS = (
    (0, "Second", "SEC", "The T-0 is accurate to the second."),
    (1, "Minute", "MIN", "The T-0 is accurate to the minute."),
    (2, "Hour", "HR", "The T-0 is accurate to the hour."),
    (3, "Morning", "AM", "The T-0 is expected in the morning (local time) of the given day."),
    (4, "Afternoon", "PM", "The T-0 is expected in the afternoon (local time) of the given day."),
    (5, "Day", "DAY", "The T-0 is expected on the given day."),
    (6, "Week", "WK", "The T-0 is expected in the given week."),
    (7, "Month", "M", "The T-0 is expected in the given month."),
    (8, "Quarter 1", "Q1", "The T-0 is expected in the first quarter of the given year."),
    (9, "Quarter 2", "Q2", "The T-0 is expected in the second quarter of the given year."),
    (10, "Quarter 3", "Q3", "The T-0 is expected in the third quarter of the given year."),
    (11, "Quarter 4", "Q4", "The T-0 is expected in the fourth quarter of the given year."),
    (12, "Year Half 1", "H1", "The T-0 is expected in the first half of the given year."),
    (13, "Year Half 2", "H2", "The T-0 is expected in the second half of the given year."),
    (14, "Year", "Y", "The T-0 is expected in the given year."),
    (15, "Fiscal Year", "FY", "The T-0 is expected in the given fiscal year."),
    (16, "Decade", "DEC", "The T-0 is expected in the given decade."),
)

EVENT_TYPES = {
    1: "Unknown",
    2: "Docking",
    3: "EVA",
    4: "Spacecraft Berthing",
    5: "Static Fire",
    6: "Spacecraft Event",
    7: "Moon Landing",
    8: "Spacecraft Undocking",
    9: "Spacecraft Landing",
    10: "Abort Test",
    11: "Celestial Event",
    12: "Hatch Opening",
    13: "Spacecraft Release",
    14: "Test Flight",
    15: "Change of Command",
    16: "Orbital Insertion",
    17: "Farewell Ceremony",
    18: "Rehearsal",
    19: "Ambient Pressure Test",
    20: "Press Event",
    21: "Cryoproof Test",
    22: "Wet Dress Rehearsal",
    23: "Flyby",
    24: "Launch",
    25: "Spacecraft Relocation",
    28: "Public Hearing",
    29: "Spacecraft Capture",
    30: "Vehicle Testing",
    31: "Sounding Rocket Launch",
}

# id: name, abbrev, type
AGENCIES = {
    44: ("National Aeronautics and Space Administration", "NASA", "Government"),
    121: ("SpaceX", "SpX", "Commercial"),
    27: ("European Space Agency", "ESA", "Multinational"),
    63: ("Russian Federal Space Agency (ROSCOSMOS)", "RFSA", "Government"),
    37: ("Japan Aerospace Exploration Agency", "JAXA", "Government"),
    31: ("Indian Space Research Organization", "ISRO", "Government"),
    17: ("China National Space Administration", "CNSA", "Government"),
}

# id: name, the agencies that run it
PROGRAMS = {
    17: ("International Space Station", (44, 63, 27, 37)),
    1: ("SpaceX Starship", (121,)),
    15: ("Artemis", (44, 27)),
    5: ("Commercial Crew Program", (44, 121)),
    18: ("Chinese Lunar Exploration Program", (17,)),
}


def precision(id_: int) -> Record:
    """A `date_precision` object, for ids 0 to 16."""
    return dict(zip(("id", "name", "abbrev", "description"), PRECISIONS[id_], strict=True))


def event_type(id_: int) -> Record:
    """A `type` object of an event."""
    return {"id": id_, "name": EVENT_TYPES[id_]}


def agency(id_: int) -> Record:
    """An agency as it appears inside an event (AgencyMini), for the ids of AGENCIES."""
    name, abbrev, kind = AGENCIES[id_]
    return agency_object(id_, name, kind, abbrev)


def program(id_: int) -> Record:
    """A program as it appears inside an event (ProgramNormal), for the ids of PROGRAMS."""
    name, agency_ids = PROGRAMS[id_]
    return program_object(id_, name, f"The {name} program.", [agency(agency_id) for agency_id in agency_ids])
