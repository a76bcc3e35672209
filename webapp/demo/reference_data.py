"""Reference data of the invented year: agencies, programs, crew, types and so on. Nobody here exists."""

from typing import Final

AGENCIES: Final = {
    "Tidewater": (9001, "Tidewater Space Agency", "TSA", "Government"),
    "Corvid": (9002, "Corvid Launch Systems", "CLS", "Commercial"),
    "Lyra": (9003, "Lyra Institute of Planetary Science", "LIPS", "Educational"),
    "Sunward": (9004, "Sunward Council", "SC", "Multinational"),
    "Ostrava": (9005, "Ústav Kosmonautiky Nová Ostrava", "ÚKNO", "Educational"),
    "Halyard": (9006, "Halyard Networks", "HN", "Commercial"),
}
"""By the name the scenarios use: id, name, abbreviation, kind."""

PROGRAMS: Final = {
    "Lantern": (9101, "Lantern", "A laboratory for six, in a low orbit around the Earth."),
    "Tern": (9102, "Tern Crew Ferry", "Capsules that bring crews to Lantern and home again."),
    "Selene": (9103, "Selene", "A camp near the south pole of the Moon, and the way there."),
    "Far Shore": (9104, "Far Shore", "Small probes for places that nobody has looked at from near."),
    "Skein": (25, "Skein", "Twelve hundred small craft that carry messages."),
}
"""By the name the scenarios use: id, name, description. Skein has Starlink's id, to be left out by the same filter."""

STATIONS: Final = {
    "Lantern": (9201, "Lantern Station", "Low Earth Orbit", "2027-09-12"),
    "Gate": (9202, "Selene Gate", "Lunar Orbit", "2030-02-28"),
}
"""By the name the scenarios use: id, name, orbit, when founded."""

EXPEDITION: Final = (9301, "Lantern Expedition 17", "2031-02-04T12:00", "2031-08-02T12:00")
"""Who lives on Lantern: id, name, from when to when."""

CREW: Final = {
    "Okonjo": (9401, "Ada Okonjo-Lund", "Tidewater"),
    "Takemi": (9402, "竹見 遥", "Sunward"),
    "Volkova": (9403, "Мира Волкова", "Sunward"),
    "Haddad": (9404, "سلمى حداد", "Tidewater"),
    "Quill": (9405, "Bartholomew Quill", "Corvid"),
    "Nováková": (9406, "Žofie Nováková", "Ostrava"),
}
"""By the name the scenarios use: id, name, agency."""

LAUNCHES: Final = {
    "Tern 5": (
        "7c1b0001-0000-4000-8000-000000009501",
        "Corvid | Tern 5",
        "2031-05-24T02:14:07",
        0,
        (1, "Go for Launch"),
    ),
    "Packhorse 12": (
        "7c1b0002-0000-4000-8000-000000009502",
        "Corvid | Packhorse 12",
        "2031-05-14T22:40:11",
        0,
        (3, "Launch Successful"),
    ),
    "Heron 1": (
        "7c1b0003-0000-4000-8000-000000009503",
        "Corvid Heavy | Heron 1",
        "2031-06-30T00:00",
        7,
        (2, "To Be Determined"),
    ),
    "Long Look": (
        "7c1b0004-0000-4000-8000-000000009504",
        "Corvid | Long Look",
        "2029-11-02T04:18:12",
        0,
        (3, "Launch Successful"),
    ),
}
"""By the name the scenarios use: id, name, when (UTC), its precision, and its status."""

PICTURES: Final = {
    "Truss": (9601, "Bartholomew Quill on the truss of Lantern", "spacewalk", "Tidewater/Ada Okonjo-Lund", "CC BY 4.0"),
    "Freighter": (9602, "Packhorse on its way to Lantern", "freighter", "Tidewater/I. Marsh", "CC BY-ND 4.0"),
    "Comet": (9603, "Comet Abara, from Cinder", "comet", "Lyra/Cinder team", "CC BY-SA 4.0"),
    "Moon": (9604, "The waning Moon beside Abara's Lamp", "moon", "Ostrava/V. Holub", "CC BY 4.0"),
    "Bay": (9605, "An Ibis over the bay of Perrin", "night-launch", "Tidewater/M. Oyelaran", "CC BY 4.0"),
    "Bay, by a passer-by": (9606, "Marlin", "night-launch", "", "Unknown"),
}
"""By the name the scenarios use: id, name, which of the files in `pictures/` it is, credit, licence."""

LICENSES: Final = {
    "Unknown": (0, None),
    "CC BY 4.0": (21, "https://creativecommons.org/licenses/by/4.0/"),
    "CC BY-SA 4.0": (22, "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC BY-ND 4.0": (23, "https://creativecommons.org/licenses/by-nd/4.0/"),
}
"""Licences of pictures by their names: id and link. Of what is under the first, nobody knows what is allowed."""

TYPES: Final = {
    1: "Unknown", 2: "Docking", 3: "EVA", 4: "Spacecraft Berthing", 5: "Static Fire", 6: "Spacecraft Event",
    7: "Moon Landing", 8: "Spacecraft Undocking", 9: "Spacecraft Landing", 10: "Abort Test", 11: "Celestial Event",
    12: "Hatch Opening", 13: "Spacecraft Release", 14: "Test Flight", 15: "Change of Command", 16: "Orbital Insertion",
    17: "Farewell Ceremony", 18: "Rehearsal", 19: "Ambient Pressure Test", 20: "Press Event", 21: "Cryoproof Test",
    22: "Wet Dress Rehearsal", 23: "Flyby", 24: "Launch", 25: "Spacecraft Relocation", 28: "Public Hearing",
    29: "Spacecraft Capture", 30: "Vehicle Testing", 31: "Sounding Rocket Launch",
}  # fmt: skip
"""The types of event that Launch Library knows, by id."""

PRECISIONS: Final = {
    0: ("Second", "SEC"), 1: ("Minute", "MIN"), 2: ("Hour", "HR"), 3: ("Morning", "AM"), 4: ("Afternoon", "PM"),
    5: ("Day", "DAY"), 6: ("Week", "WK"), 7: ("Month", "M"), 8: ("Quarter 1", "Q1"), 9: ("Quarter 2", "Q2"),
    10: ("Quarter 3", "Q3"), 11: ("Quarter 4", "Q4"), 12: ("Year Half 1", "H1"), 13: ("Year Half 2", "H2"),
    14: ("Year", "Y"), 15: ("Fiscal Year", "FY"), 16: ("Decade", "DEC"),
}  # fmt: skip
"""Launch Library's precisions, by id: name and abbreviation."""
