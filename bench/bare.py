"""The yardstick: an empty Flask view, served just as Perigee is, on the port of the environment."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from flask import Flask

from webapp.serving import serve_application
from webapp.settings import Settings


def make() -> Flask:
    """Make an application that answers nothing, with nothing."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "")
    return app


if __name__ == "__main__":
    serve_application(Settings.load(), make, on_ready=lambda: None)
