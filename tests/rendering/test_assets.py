import gzip
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.site import Site
from webapp.rendering.assets import Assets
from webapp.rendering.style_sheet import STYLE_SHEET
from webapp.runtime import prepare_static
from webapp.settings import Settings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SHEET = "a { color: red }\n" * 100
SCRIPT = "let a = 1;\n"
DECODE: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "gzip": gzip.decompress,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of static files, with something beside it that is none of them."""
    folder = tmp_path / "files"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "one.css").write_text(SHEET)
    (folder / "one.js").write_text(SCRIPT)
    (folder / "one.png").write_bytes(b"\x89PNG" * 400)
    (tmp_path / "secret").write_text("secret")
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "prepared"


def serve(assets: Assets) -> Client:
    app = Flask("test", static_folder=None)
    app.register_blueprint(assets.make_blueprint())
    return Client(assets.served_ahead_of(app.wsgi_app, is_https=False))


def get(assets: Assets, address: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return serve(assets).get(address, headers=named, buffered=True)


@pytest.fixture(params=["prepared", "as they are"])
def assets(request: pytest.FixtureRequest, folder: Path, target: Path) -> Assets:
    assets = Assets(folder, target)
    if request.param == "prepared":
        assets.prepare()
    return assets


def test_a_file_is_kept_for_ever_under_the_hash_of_the_tree(assets: Assets) -> None:
    answer = get(assets, assets.address("one.js"))
    assert (answer.text, answer.content_type) == (SCRIPT, "text/javascript; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_so_is_the_style_sheet_joined_from_its_sources(assets: Assets) -> None:
    answer = get(assets, assets.address(STYLE_SHEET))
    assert (answer.text, answer.content_type) == (SHEET, "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip", "gzip"),
        ("deflate, br", "br"),
        ("identity", None),
        ("", None),
    ],
)
def test_a_text_is_coded_ahead_of_time(folder: Path, target: Path, accepted: str, coding: str | None) -> None:
    assets = Assets(folder, target)
    assets.prepare()
    answer = get(assets, assets.address(STYLE_SHEET), Accept_Encoding=accepted)
    found = answer.headers.get("Content-Encoding")
    assert found == coding
    assert DECODE[found](answer.data).decode() == SHEET
    assert (len(answer.data) < 100) == (found is not None)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == f'W/"{assets.address("").split("/")[2]}"'
    known = get(assets, assets.address(STYLE_SHEET), Accept_Encoding=accepted, If_None_Match=answer.headers["ETag"])
    assert (known.status_code, known.data) == (304, b"")


def test_a_picture_goes_out_as_it_is(folder: Path, target: Path) -> None:
    assets = Assets(folder, target)
    assets.prepare()
    answer = get(assets, assets.address("one.png"), Accept_Encoding="br")
    assert (answer.data, answer.content_type) == (b"\x89PNG" * 400, "image/png")
    assert "Content-Encoding" not in answer.headers


def test_another_version_gets_the_present_file_for_now(folder: Path, target: Path) -> None:
    answer = get(Assets(folder, target), f"/static/000000000000/{STYLE_SHEET}")
    assert (answer.text, answer.headers["Cache-Control"]) == (SHEET, "no-cache")


def test_any_change_in_the_tree_is_another_version(folder: Path, target: Path) -> None:
    addresses = [Assets(folder, target).address("one.png")]
    (folder / "css" / "two.css").write_text("")
    addresses.append(Assets(folder, target).address("one.png"))
    (folder / "css" / "two.css").rename(folder / "css" / "three.css")
    addresses.append(Assets(folder, target).address("one.png"))
    assert len(set(addresses)) == 3


@pytest.mark.parametrize(
    "path", ["../secret", "%2e%2e/secret", "css/../../secret", "nothing.css", "css/perigee.css.br", "css", "%00", "%ff"]
)
def test_nothing_outside_the_folder_is_served(assets: Assets, path: str) -> None:
    assert get(assets, assets.address(path)).status_code == 404


def test_only_reading_is_possible(assets: Assets) -> None:
    client = serve(assets)
    assert client.post(assets.address("one.png")).status_code == 405
    with client.head(assets.address("one.png")) as answer:
        assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "1600")


def test_files_are_prepared_once_for_each_version_and_the_one_before_stays(folder: Path, target: Path) -> None:
    kept: list[str] = []
    for number in range(4):
        assets = Assets(folder, target)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _, assets=assets: assets.prepare(), range(4)))
        version = assets.address("").split("/")[2]
        os.utime(target / version, (number, number))
        kept = [*kept, version][-2:]
        assert sorted(found.name for found in target.iterdir()) == sorted(kept)
        (folder / "more.css").write_text(SHEET * (number + 2))


def test_what_a_killed_process_left_unfinished_goes_and_what_another_is_writing_stays(
    folder: Path, target: Path
) -> None:
    for name, age in (("unfinished-left", 7200), ("unfinished-at-work", 60)):
        (target / name).mkdir(parents=True)
        os.utime(target / name, (time.time() - age, time.time() - age))
    Assets(folder, target).prepare()
    assert [found.name for found in target.glob("unfinished-*")] == ["unfinished-at-work"]


def test_where_nothing_can_be_written_files_go_out_as_they_are(folder: Path, target: Path) -> None:
    target.write_text("this is no folder")
    assets = Assets(folder, target)
    assets.prepare()
    answer = get(assets, assets.address(STYLE_SHEET), Accept_Encoding="br")
    assert (answer.text, answer.headers.get("Content-Encoding")) == (SHEET, None)


def test_every_file_that_a_page_asks_for_is_there(
    site: Callable[..., Site], make_settings: Callable[..., Settings]
) -> None:
    prepare_static(make_settings())
    one = site(sample=True)
    parts = one.get("/")[1].split('"/static/')[1:]
    addresses = {"/static/" + part.partition('"')[0].partition("#")[0] for part in parts}
    assert len(addresses) == 10
    for address in addresses:
        with one.client.get(address, headers={"Accept-Encoding": "br"}) as answer:
            assert answer.status_code == 200, address
            is_text = address.endswith((".css", ".js", ".svg", ".webmanifest"))
            assert (answer.headers.get("Content-Encoding") == "br") is is_text, address
