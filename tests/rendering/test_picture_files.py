from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.site import Site
from webapp.domain.pictures import PictureFile
from webapp.response_cache.caches import CACHES
from webapp.store import PictureState

URL = "https://a.example/1.jpg"
TAG = "0123456789abcdef0123"
CONTENT = b"\xff\xd8\xff" + bytes(range(256))
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}


@pytest.fixture(name="pictured")
def pictured_site(site: Callable[..., Site]) -> Site:
    pictured = site(make_record(1))
    with pictured.store.write() as writer:
        writer.pictures.put_state(URL, PictureState(NOW, 9, NOW + timedelta(hours=20), color="#000000"))
        files = {PictureFile(f"{TAG}.{ext}", kind, 320, 200, len(CONTENT)): CONTENT for ext, kind in TYPES.items()}
        writer.pictures.put_files(URL, files)
        writer.note_pictured([1], now=NOW)
    return pictured


@pytest.mark.parametrize("extension", TYPES)
def test_a_file_is_kept_for_ever_and_says_no_more_than_it_must(pictured: Site, extension: str) -> None:
    answers = [pictured.client.get(f"/pictures/{TAG}.{extension}") for _ in ("from the store", "from memory")]
    headers = {
        "Content-Type": TYPES[extension],
        "Content-Length": str(len(CONTENT)),
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{TAG}"',
        "X-Content-Type-Options": "nosniff",
    }
    for answer in answers:
        found = {name: value for name, value in answer.headers.items() if name != "Date"}
        assert (answer.status_code, answer.data, found) == (200, CONTENT, headers)


def test_who_has_it_is_told_so_and_who_asks_for_its_headers_gets_them(pictured: Site) -> None:
    for _ in ("from the store", "from memory"):
        known = pictured.client.get(f"/pictures/{TAG}.jpg", headers={"If-None-Match": f'"{TAG}"'})
        assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", f'"{TAG}"')
        head = pictured.client.head(f"/pictures/{TAG}.jpg")
        assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


@pytest.mark.parametrize(
    "path",
    [
        "0" * 20 + ".jpg",
        f"{TAG}.gif",
        f"{TAG.upper()}.jpg",
        f"..%2f{TAG}.jpg",
        f"../{TAG}.jpg",
        "https://a.example/1.jpg",
        "",
    ],
)
def test_nothing_else_is_there(pictured: Site, path: str) -> None:
    assert pictured.get(f"/pictures/{path}")[0] == 404


def test_nothing_can_be_sent(pictured: Site) -> None:
    assert pictured.client.post(f"/pictures/{TAG}.jpg").status_code == 405


def test_one_that_is_forgotten_is_gone_at_once(pictured: Site) -> None:
    assert pictured.client.get(f"/pictures/{TAG}.jpg").status_code == 200
    with pictured.store.write() as writer:
        writer.pictures.forget([URL])
        writer.note_pictured([1], now=NOW)
    assert pictured.client.get(f"/pictures/{TAG}.jpg").status_code == 404


def test_what_was_read_once_is_read_no_more(pictured: Site) -> None:
    pictured.client.get(f"/pictures/{TAG}.jpg")
    caches = pictured.app.extensions[CACHES]
    generation = caches.versions.current().state.generation
    assert caches.pictures.get((generation, f"{TAG}.jpg")) == CONTENT
