"""The one style sheet of all pages: the sources in `static/css`, joined, without those of one page in `css/pages`."""

import re
from pathlib import Path

STYLE_SHEET = "css/perigee.css"
"""Its path among the static files."""

_FIRST = "tokens.css"
_CUSTOM_MEDIA = re.compile(r"^@custom-media (--[a-z-]+) (.+);\n", re.MULTILINE)


def join_style_sheets(folder: Path) -> str:
    """Join the style sheets of a folder: `tokens.css`, which names the layers in their order, then the others by name.

    That order decides nothing, since the layers do, and within a layer no sheet may undo what another says. A custom
    media query (Media Queries 5, 3.1), which no browser knows yet, is replaced by what it stands for.
    """
    sources = sorted(folder.glob("*.css"), key=lambda source: (source.name != _FIRST, source.name))
    joined = "".join(source.read_text("utf-8") for source in sources)
    queries = dict(_CUSTOM_MEDIA.findall(joined))
    for name, meaning in queries.items():
        joined = joined.replace(f"({name})", meaning)
    return _CUSTOM_MEDIA.sub("", joined)
