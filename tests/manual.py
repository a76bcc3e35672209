"""The recipes of the documents, as they are printed."""

import os
import re
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parent.parent


def recipe(start: str, *, document: str = "docs/operating.md") -> str:
    """Give the one block of a document that begins with these words."""
    text = (ROOT / document).read_text("utf-8")
    blocks = [dedent(block).strip("\n") + "\n" for block in re.findall(r"(?:^(?: {4}.*)?\n)+", text, re.MULTILINE)]
    (found,) = [block for block in blocks if block.startswith(start)]
    return found


def replaced(text: str, replacements: dict[str, str]) -> str:
    """Replace what differs on this machine; each must be there."""
    for printed, real in replacements.items():
        assert printed in text
        text = text.replace(printed, real)
    return text


def program(name: str) -> str:
    """Find a program, also where only the administrator looks for it, or skip the test."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is missing")
    return found
