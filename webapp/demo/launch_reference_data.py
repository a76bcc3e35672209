"""Reference data of the invented year's launches: rockets, pads, orbits and so on. None of the rockets exists."""

from typing import Final

STATUSES: Final = {
    1: ("Go for Launch", "Go"), 2: ("To Be Determined", "TBD"), 3: ("Launch Successful", "Success"),
    4: ("Launch Failure", "Failure"), 5: ("On Hold", "Hold"), 6: ("Launch in Flight", "In Flight"),
    7: ("Launch was a Partial Failure", "Partial Failure"), 8: ("To Be Confirmed", "TBC"),
    9: ("Payload Deployed", "Deployed"),
}  # fmt: skip
"""Launch Library's statuses of a launch, by id: name and abbreviation."""

ROCKETS: Final = {
    "Corvid": (9701, "Corvid", "Corvid 2", "Corvid"),
    "Corvid Heavy": (9702, "Corvid Heavy", "Corvid Heavy", "Corvid"),
    "Marlin": (9703, "Marlin", "Marlin B", "Halyard"),
    "Ibis": (9704, "Ibis", "Ibis 3", "Sunward"),
    "Tallow": (9705, "Tallow", "Tallow", "Ostrava"),
}
"""By the name the scenarios use: id, name, full name, and the agency that makes and launches it."""

SITES: Final = {
    "Cape Perrin": (9601, "Cape Perrin", "America/New_York"),
    "Salt Flats": (9602, "Corvid Yard, Salt Flats", "America/Denver"),
    "Grebe Island": (9603, "Grebe Island", "Pacific/Auckland"),
    "Abara Steppe": (9604, "Abara Steppe", "Asia/Qyzylorda"),
    "At sea": (9605, "Open sea", ""),
    "Ostrava": (9606, "Ostrava High Range", "Europe/Prague"),
}
"""By the name the pads use: id, name, time zone (none at sea)."""

PADS: Final = {
    "Perrin 3": (9651, "Launch Complex 3", "Cape Perrin"),
    "Perrin 4": (9652, "Launch Complex 4", "Cape Perrin"),
    "Yard": (9653, "Pad A", "Salt Flats"),
    "Grebe": (9654, "North Pad", "Grebe Island"),
    "Steppe": (9655, "Pad 7", "Abara Steppe"),
    "Raft": (9656, "The Raft", "At sea"),
    "Rail": (9657, "Rail 2", "Ostrava"),
}
"""By the name the scenarios use: id, name, site."""

ORBITS: Final = {
    "Low": (8, "Low Earth Orbit", "LEO"),
    "Sun": (17, "Sun-Synchronous Orbit", "SSO"),
    "Transfer": (2, "Geostationary Transfer Orbit", "GTO"),
    "Polar": (13, "Polar Orbit", "PO"),
    "Suborbital": (15, "Suborbital", "Sub"),
    "Moon": (11, "Lunar Orbit", "LO"),
    "Away": (6, "Heliocentric N/A", "Helio-N/A"),
}
"""By the name the scenarios use: Launch Library's id, name and abbreviation."""
