"""A release: a wheel and its sources, the same bytes each time, with a description that an index can show."""

import json
import os
import re
import subprocess
import sys
import tarfile
from email.parser import BytesParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.manual import ROOT, program
from webapp import RELEASED_AT, __version__

pytestmark = pytest.mark.slow

_BIN = Path(sys.executable).parent
_RELATIVE = re.compile(r'\]\((?!https?://|#)|src="(?!https?://)')


def build(sources: Path, dist: Path, **environ: str) -> tuple[Path, Path]:
    """Build the source distribution and the wheel, as `make release` does."""
    environ |= {"SOURCE_DATE_EPOCH": str(int(RELEASED_AT.timestamp()))}
    command = [f"{_BIN}/hatchling", "build", "-d", f"{dist}"]
    done = subprocess.run(command, cwd=sources, env=os.environ | environ, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return dist / f"perigee-{__version__}.tar.gz", dist / f"perigee-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def metadata_and_description(wheel: Path) -> tuple[list[str], str]:
    with ZipFile(wheel) as files:
        message = BytesParser().parsebytes(files.read(f"perigee-{__version__}.dist-info/METADATA"))
    return message.get_all("Project-URL", []), str(message.get_payload())


def test_the_sources_alone_make_the_same_bytes(release: tuple[Path, Path], tmp_path: Path) -> None:
    with tarfile.open(release[0]) as sources:
        sources.extractall(tmp_path, filter="data")
    again = build(tmp_path / f"perigee-{__version__}", tmp_path / "again")
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in release]


def test_the_sources_are_complete(release: tuple[Path, Path]) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    with tarfile.open(release[0]) as sources:
        held = {name.split("/", 1)[1] for name in sources.getnames()}
    assert _files_of_git() - held == set()
    assert held - _files_of_git("--cached", "--others", "--exclude-standard") == {"PKG-INFO"}


def _files_of_git(*flags: str) -> set[str]:
    command = [program("git"), "ls-files", *flags]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


def test_an_index_takes_both(release: tuple[Path, Path]) -> None:
    command = [f"{_BIN}/twine", "check", "--strict", *map(str, release)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_without_an_address_the_page_on_an_index_leads_nowhere_else(release: tuple[Path, Path]) -> None:
    urls, description = metadata_and_description(release[1])
    assert urls == []
    assert _RELATIVE.findall(description) == []
    assert "docs/feeds.md for everything about feeds" in description


def test_with_an_address_its_links_lead_there(tmp_path: Path) -> None:
    url = "https://example.org/perigee"
    urls, description = metadata_and_description(build(ROOT, tmp_path, PERIGEE_PROJECT_URL=url + "/")[1])
    assert urls == [f"Source, {url}", f"Changelog, {url}/blob/HEAD/CHANGELOG.md"]
    assert _RELATIVE.findall(description) == []
    assert f"[docs/feeds.md]({url}/blob/HEAD/docs/feeds.md)" in description
    assert f"({url}/raw/HEAD/docs/img/timeline.png)" in description


def test_the_wheel_lists_what_others_made(release: tuple[Path, Path]) -> None:
    with ZipFile(release[1]) as wheel:
        text = wheel.read(f"perigee-{__version__}.dist-info/sboms/perigee.cdx.json").decode()
        held = set(wheel.namelist())
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    components = json.loads(text)["components"]
    assert [(one["name"], one["licenses"][0]["license"]["id"]) for one in components] == [
        ("@fontsource-variable/stix-two-text", "OFL-1.1"),
        ("htmx.org", "0BSD"),
    ]
    vendored = {name for name in held if name.startswith("webapp/static/vendor/")}
    files = {file["name"] for one in components for file in one["components"]}
    assert vendored - files == {"webapp/static/vendor/manifest.json"}
