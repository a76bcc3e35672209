"""A list of feeds as OPML 2.0, which feed readers import."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in the list: its name, its address, and the page that it goes with. Addresses are absolute."""

    title: str
    feed_url: str
    page_url: str


def render_opml(title: str, outlines: Sequence[Outline]) -> bytes:
    """Write the list in the order given."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for outline in outlines:
        ET.SubElement(
            body,
            "outline",
            type="rss",
            text=outline.title,
            title=outline.title,
            xmlUrl=outline.feed_url,
            htmlUrl=outline.page_url,
        )
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
