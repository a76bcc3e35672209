"""HTML as a browser reads it: what tests look for on a page, they look for here."""

from collections.abc import Iterator
from typing import Self

from selectolax.lexbor import LexborHTMLParser, LexborNode


class Part:
    """An element, and all within it. What is chosen is named by a CSS selector."""

    def __init__(self, node: LexborNode) -> None:
        self._node = node

    def __iter__(self) -> Iterator[Self]:
        """Give the elements directly within."""
        return (type(self)(child) for child in self._node.iter())

    def __getitem__(self, name: str) -> str:
        """Give an attribute, the empty string if it has no value. Raises `KeyError` where it is missing."""
        return self._node.attributes[name] or ""

    def __contains__(self, name: str) -> bool:
        """Whether it has this attribute."""
        return name in self._node.attributes

    def select(self, selector: str) -> list[Self]:
        """Give what is chosen within, as it stands on the page."""
        # To compare nodes themselves would compare all that is written within them.
        own = self._node.mem_id
        return [type(self)(node) for node in self._node.css(selector) if node.mem_id != own]

    def only(self, selector: str) -> Self:
        """Give the one that is chosen. Raises `ValueError` if there is none, or more than one."""
        (found,) = self.select(selector)
        return found

    def texts(self, selector: str) -> list[str]:
        """Give the text of each that is chosen."""
        return [part.text for part in self.select(selector)]

    def values(self, selector: str, attribute: str) -> list[str]:
        """Give an attribute of each that is chosen."""
        return [part[attribute] for part in self.select(selector)]

    @property
    def text(self) -> str:
        """All text within, with one space for any white space and between elements."""
        return " ".join(self._node.text(separator=" ").split())

    @property
    def source(self) -> str:
        """Its text as it stands, with all white space."""
        return self._node.text()


def read(html: str) -> Part:
    """Read a page."""
    root = LexborHTMLParser(html).root
    if root is None:
        raise ValueError("no HTML at all")
    return Part(root)
