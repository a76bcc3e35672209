"""What is vendored is what its makers published, with its licence."""

import hashlib
import json
from pathlib import Path

from webapp import paths
from webapp.rendering.style_sheet import STYLE_SHEET

VENDOR = paths.static() / "vendor"
MANIFEST: dict[str, dict[str, str]] = json.loads((VENDOR / "manifest.json").read_text("utf-8"))


def test_every_vendored_file_is_in_the_manifest_under_its_hash() -> None:
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == {path: entry["sha256"] for path, entry in MANIFEST.items()}


def test_every_vendored_package_keeps_its_licence_and_names_its_version() -> None:
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").is_file(), folder
        entries = [entry for path, entry in MANIFEST.items() if path.startswith(f"{folder.name}/")]
        assert {folder.name.rpartition("@")[2]} == {entry["version"] for entry in entries}


def test_every_asset_that_a_template_names_is_there() -> None:
    text = "".join(path.read_text("utf-8") for path in Path(paths.templates()).glob("*.html"))
    names = [piece.split("'")[0] for piece in text.split("asset('")[1:]]
    # The style sheet is joined from its sources when the server starts.
    whole = [name for name in names if Path(name).suffix and name != STYLE_SHEET]
    assert whole
    assert [name for name in whole if not (paths.static() / name).is_file()] == []
