from pathlib import Path

import brotli
from flask import Flask

from webapp.edge.assets import make_assets


def serve(folder: Path) -> tuple[Flask, str]:
    app = Flask("test", static_folder=None)
    blueprint, asset = make_assets(folder)
    app.register_blueprint(blueprint)
    return app, asset("css/one.css")


def test_a_file_is_kept_for_ever_under_the_hash_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "one.css").write_text("a {}")
    app, address = serve(tmp_path)
    answer = app.test_client().get(address)
    assert (answer.data, answer.content_type) == (b"a {}", "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    answer.close()


def test_another_version_gets_the_present_file_for_now(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "one.css").write_text("a {}")
    app, _ = serve(tmp_path)
    answer = app.test_client().get("/static/000000000000/css/one.css")
    assert (answer.data, answer.headers["Cache-Control"]) == (b"a {}", "no-cache")
    answer.close()


def test_any_change_in_the_tree_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "one.css").write_text("a {}")
    _, before = serve(tmp_path)
    (tmp_path / "css" / "two.css").write_text("")
    _, added = serve(tmp_path)
    (tmp_path / "css" / "two.css").rename(tmp_path / "css" / "three.css")
    _, renamed = serve(tmp_path)
    assert len({before, added, renamed}) == 3


def test_nothing_outside_the_folder_is_served(tmp_path: Path) -> None:
    inner = tmp_path / "static"
    (inner / "css").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    app, address = serve(inner)
    version = address.split("/")[2]
    for path in ("../secret", "%2e%2e/secret", "css/../../secret", "nothing.css"):
        assert app.test_client().get(f"/static/{version}/{path}").status_code == 404


def test_a_text_is_coded_as_the_client_accepts(tmp_path: Path) -> None:
    text = "a { color: red }\n" * 100
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "one.css").write_text(text)
    app, address = serve(tmp_path)
    plain, coded = (
        app.test_client().get(address, headers={"Accept-Encoding": name}) for name in ("identity", "gzip, br")
    )
    assert (plain.text, plain.headers.get("Content-Encoding")) == (text, None)
    assert (brotli.decompress(coded.data).decode(), coded.headers["Content-Encoding"]) == (text, "br")
    assert {answer.headers["Vary"] for answer in (plain, coded)} == {"Accept-Encoding"}
    assert plain.headers["ETag"] != coded.headers["ETag"]
    again = app.test_client().get(
        address, headers={"Accept-Encoding": "gzip, br", "If-None-Match": coded.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_a_picture_goes_out_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "one.png").write_bytes(b"\x89PNG" * 400)
    app, address = serve(tmp_path)
    answer = app.test_client().get(address.replace("css/one.css", "one.png"), headers={"Accept-Encoding": "br"})
    assert (answer.data, answer.content_type) == (b"\x89PNG" * 400, "image/png")
    assert "Content-Encoding" not in answer.headers
    answer.close()
