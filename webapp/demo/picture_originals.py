"""The originals of the pictures that the demo's records name. They were drawn: nothing in them is real either."""

from pathlib import Path
from typing import Final

from webapp.demo.record_parts import image_address
from webapp.demo.reference_data import PICTURES

_FOLDER: Final = Path(__file__).with_name("pictures")


def list_originals() -> dict[str, bytes]:
    """List the originals by the addresses that records name."""
    return {
        image_address(number): (_FOLDER / f"{file}.jpg").read_bytes() for number, _, file, _, _ in PICTURES.values()
    }
