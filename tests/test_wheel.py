"""An installed wheel works like a checkout: pages, assets and the sample travel in it."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import requests

from tests.html import read
from tests.processes import running_server
from webapp.rendering.style_sheet import join_style_sheets

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.service
def test_a_wheel_installed_elsewhere_serves_pages_and_assets(tmp_path: Path) -> None:
    wheels, home = tmp_path / "wheels", tmp_path / "installed"
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", wheels, ROOT)
    (wheel,) = wheels.glob("perigee-*.whl")
    _run(sys.executable, "-m", "venv", home)
    python = home / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    # Its libraries are the ones installed here; its own files come first, from the wheel.
    site_packages = next((home / "lib").glob("python*/site-packages"))
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")

    where = _run(python, "-c", "import webapp; print(webapp.__file__)").strip()
    assert Path(where).is_relative_to(home)
    named = "from webapp.demo.picture_originals import list_originals; print(len(list_originals()))"
    assert int(_run(python, "-c", named)) > 0
    with running_server(tmp_path / "data", "--sample", command=home / "bin" / "perigee") as server:
        page = requests.get(server.url, timeout=10)
        assert page.status_code == 200
        assert "SpaceX Crew-10 Crew Dragon Undocking" in page.text
        (address,) = read(page.text).values('link[rel="stylesheet"]', "href")
        sheet = requests.get(server.url + address, timeout=10)
        assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert sheet.text == join_style_sheets(ROOT / "static" / "css")


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
