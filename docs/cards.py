"""Draw the cards of 1200 by 630 for sharing, one for each type of event, and the icons, in a real Chromium.

Usage: python docs/cards.py. Needs the development environment and a Chromium (PERIGEE_CHROMIUM names it).
"""

import io
import struct
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.browser.chromium import launch
from tests.processes import running_server
from webapp import paths
from webapp.app import create_app
from webapp.demo.reference_data import TYPES
from webapp.settings import Settings

IMAGES = paths.static() / "img"
ICONS = {"icon-192.png": 192, "icon-512.png": 512, "apple-touch-icon.png": 180}
FAVICON_SIDE = 32
OTHER = 0  # No type has it, so it is drawn as those without a drawing of their own are.
STYLE = """
  body { display: grid; grid-template-columns: 560px 1fr; align-items: center; gap: 48px; width: 1200px; height: 630px;
         box-sizing: border-box; padding: 0 64px 0 48px; overflow: hidden; }
  .plate { max-width: none; }
  .card-name { font-size: 72px; line-height: 1.08; font-weight: 400; letter-spacing: -0.01em; }
  .card-site { margin-top: 40px; color: var(--ink-soft); font-size: 30px; }
"""


def main() -> None:
    """Draw every picture."""
    (IMAGES / "cards").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running_server(Path(data), "--demo") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        context = browser.new_context(
            viewport={"width": 1200, "height": 630}, color_scheme="dark", bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{server.url}/events/900301", wait_until="networkidle")
        app = create_app(Settings.load({"PERIGEE_DATA_DIR": data}))
        plate_of = app.jinja_env.get_template("_glyph.html").module.plate
        for type_id, name in TYPES.items():
            _draw(page, plate_of(type_id), name, f"type-{type_id}")
        _draw(page, plate_of(OTHER), "Space events, dated as exactly as they are known", "events")
        _draw_icons(page)
        browser.close()


def _draw(page: Page, plate: object, words: str, name: str) -> None:
    page.evaluate(
        "([plate, words, style]) => { document.body.innerHTML = `<style>${style}</style>${plate}<div>"
        "<p class='card-name'>${words}</p><p class='card-site'>Perigee, an almanac of space events</p></div>`; }",
        [str(plate), words, STYLE],
    )
    page.wait_for_load_state("networkidle")
    _write_small(page.screenshot(), IMAGES / "cards" / f"{name}.png")


def _write_small(picture: bytes, file: Path) -> None:
    """Write a picture with 64 colours of its own, which is all that a line drawing needs: a third of the size."""
    with Image.open(io.BytesIO(picture)) as drawn:
        drawn.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)


def _draw_icons(page: Page) -> None:
    drawing = (IMAGES / "favicon.svg").read_text("utf-8")
    page.emulate_media(color_scheme="light")
    for name, side in {**ICONS, "favicon-32.png": FAVICON_SIDE}.items():
        page.set_viewport_size({"width": side, "height": side})
        page.set_content(
            f"<body style='margin:0;background:#f6f8f7'><div style='padding:{side // 10}px'>{drawing}</div></body>"
        )
        page.screenshot(path=IMAGES / name)
    _wrap_as_ico(IMAGES / "favicon-32.png")


def _wrap_as_ico(picture: Path) -> None:
    """Put a PNG into the container that browsers ask for by themselves: one entry of 16 bytes behind a head of 6."""
    content = picture.read_bytes()
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", FAVICON_SIDE, FAVICON_SIDE, 0, 0, 1, 32, len(content), 22)
    (IMAGES / "favicon.ico").write_bytes(head + entry + content)
    picture.unlink()


if __name__ == "__main__":
    main()
