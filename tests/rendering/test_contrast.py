"""Inks are told from paper, in either scheme: by WCAG's ratio for lines, by APCA's lightness contrast for text."""

import re

import pytest

from webapp import paths

TOKENS = (paths.static() / "css" / "tokens.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))
    for part in TOKENS.split("@media (prefers-color-scheme: dark)", 1)
)
SCHEMES = {"light": LIGHT, "dark": DARK}
INKS = ("ink-soft", "accent", "ink-meeting", "ink-crew", "ink-arrival", "ink-sky", "ink-ground", "ink-word")


def channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Give the relative luminance (WCAG 2.2)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels(colour))
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lightness_contrast(text: str, paper: str) -> float:
    """Give Lc, without its sign (APCA-W3 0.1.9, for colours that differ well)."""

    def screen(colour: str) -> float:
        weights = (0.2126729, 0.7151522, 0.0721750)
        shine: float = sum(weight * (part / 255) ** 2.4 for weight, part in zip(weights, channels(colour), strict=True))
        return float(shine + max(0.022 - shine, 0) ** 1.414)

    ink, ground = screen(text), screen(paper)
    if ground > ink:
        return float(((ground**0.56 - ink**0.57) * 1.14 - 0.027) * 100)
    return float(-((ground**0.65 - ink**0.62) * 1.14 + 0.027) * 100)


def test_the_measures_are_those_of_their_standards() -> None:
    assert round(ratio("#000000", "#ffffff"), 2) == 21
    assert round(lightness_contrast("#000000", "#ffffff"), 1) == 106.0
    assert round(lightness_contrast("#ffffff", "#000000"), 1) == 107.9


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("paper", ["paper", "paper-raised"])
def test_soft_ink_is_read_easily_and_every_ink_can_be_read(scheme: str, paper: str) -> None:
    colours = SCHEMES[scheme]
    assert lightness_contrast(colours["ink-soft"], colours[paper]) >= (72 if paper == "paper" else 70)
    assert {ink: ratio(colours[ink], colours[paper]) >= 4.5 for ink in INKS} == dict.fromkeys(INKS, True)
    assert ratio(colours["on-accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize(("scheme", "least"), [("light", 1.6), ("dark", 2.0)])
def test_hairlines_are_seen(scheme: str, least: float) -> None:
    assert ratio(SCHEMES[scheme]["rule"], SCHEMES[scheme]["paper"]) >= least
    assert ratio(SCHEMES[scheme]["rule-firm"], SCHEMES[scheme]["paper"]) >= 3
