"""Addresses that differ from one of ours by a slash: one too many at the end, one too few, or a doubled one."""

from urllib.parse import quote

from flask import current_app, redirect, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response


def redirect_slashes() -> Response | None:
    """Lead from an address that has a slash too many or too few at its end to the one that is meant; the query stays.

    The path alone is named, so that no host is taken on trust. Raises `NotFound` for a path that begins with two
    slashes, which routing would read as one.
    """
    if request.environ["PATH_INFO"].startswith("//"):
        raise NotFound
    if not isinstance(request.routing_exception, NotFound | RequestRedirect):
        return None
    path = request.path.removesuffix("/") if request.path.endswith("/") else f"{request.path}/"
    if not _is_ours(path):
        return None
    query = quote(request.query_string, safe="/?:@!$&'()*+,;=%-._~")
    return redirect(f"{quote(path)}{'?' if query else ''}{query}", 301)


def _is_ours(path: str) -> bool:
    """Whether something answers at exactly this path, in the method of the present request."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        adapter.match(path)
    except HTTPException:
        return False
    return True
