"""Which requests may change anything: without a body, from this site's own pages, and not too many."""

from flask import request
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge

from webapp.instance.site import site


def refuse_body() -> None:
    """Refuse the present request, unread, if it announces a body. Raises Werkzeug's `RequestEntityTooLarge` (413).

    Heads are bounded in time and size by the server; bodies are not, and nothing here needs one.
    """
    length = request.environ.get("CONTENT_LENGTH") or request.environ.get("HTTP_CONTENT_LENGTH") or "0"
    if length.strip() != "0" or "HTTP_TRANSFER_ENCODING" in request.environ:
        raise RequestEntityTooLarge("Requests to this address have no body.")


def refuse_other_origins() -> None:
    """Refuse the present request unless a page of this site's own sent it. Raises Werkzeug's `Forbidden` (403).

    Browsers say so in two ways, both out of a page's reach. Reading has no `Origin`, and is refused by its absence of
    headers that other sites may not send.
    """
    origin, fetch_site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    is_named = origin == site().origin() if origin is not None else request.method in {"GET", "HEAD"}
    if not is_named or fetch_site != "same-origin":
        raise Forbidden("Only this site’s own pages may ask for this.")
