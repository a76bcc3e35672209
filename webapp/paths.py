"""Where the package finds its own files: inside itself when installed from a wheel, beside itself in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """Give the folder of the page templates."""
    return _own("templates")


def static() -> Path:
    """Give the folder of the static files."""
    return _own("static")


def sample_page() -> Path:
    """Give the file of the sample: one page of real records, as Launch Library sent it in July 2025."""
    return _PACKAGE / "sync" / "sample-events.json"


def _own(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
