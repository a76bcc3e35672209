from xml.etree import ElementTree as ET

from webapp.feeds.opml import Outline, render_opml


def test_a_list_of_feeds_is_read_back() -> None:
    written = render_opml("Events & more", [Outline("A <b> & c", "https://e.example/?a=1&b=2", "https://e.example/")])
    root = ET.fromstring(written)  # noqa: S314 - our own bytes
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Events & more")
    assert [one.attrib for one in root.findall("body/outline")] == [
        {
            "type": "rss",
            "text": "A <b> & c",
            "title": "A <b> & c",
            "xmlUrl": "https://e.example/?a=1&b=2",
            "htmlUrl": "https://e.example/",
        }
    ]
