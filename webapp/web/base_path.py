"""Serving below a path: that of the public address, taken off the addresses asked for and put before those given out.

Everything else knows only paths from this server's own root. An absolute address is the public one and such a path.
"""

from collections.abc import Callable, Iterable
from functools import partial
from urllib.parse import unquote_to_bytes

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from webapp.web.link_prefixing import LinkPrefixing
from webapp.web.wsgi import Application, Environ, StartResponse

Redirect = Callable[..., Response]


class BasePathMiddleware:
    """A WSGI application around another: whether or not a proxy took the base path off, the other sees it taken off.

    So both spellings of an address are one request, and one cached response. A path that begins with the base path is
    always read as below it. The base path without a slash after it is left as it is, for `handle_base_path`.
    """

    def __init__(self, application: Application, base_path: str) -> None:
        self._application = application
        self._script_name = unquote_to_bytes(base_path).decode("latin-1")  # As WSGI spells paths (PEP 3333).
        self._prefix = f"{self._script_name}/"

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if path.startswith(self._prefix):
            environ["PATH_INFO"] = path[len(self._script_name) :]
        if path != self._script_name:
            environ["SCRIPT_NAME"] = self._script_name
        return self._application(environ, start_response)


def handle_base_path(app: Flask, base_path: str) -> None:
    """Put the base path before every address from the root that templates and redirects give out."""
    app.jinja_env.add_extension(LinkPrefixing)
    app.jinja_env.globals["base_path"] = base_path
    if base_path:
        app.before_request(_lead_below_the_base_path)
        app.redirect = partial(_redirect, app.redirect, base_path)  # type: ignore[method-assign]


def _redirect(redirect: Redirect, base_path: str, location: str, code: int = 302) -> Response:
    return redirect(f"{base_path}{location}" if location.startswith("/") else location, code=code)


def _lead_below_the_base_path() -> Response | None:
    """Add the missing slash to the base path alone; the query stays."""
    if request.script_root:
        return None
    query = request.environ["QUERY_STRING"]
    return redirect(f"/?{query}" if query else "/", 301)
