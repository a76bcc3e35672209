from pathlib import Path

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
