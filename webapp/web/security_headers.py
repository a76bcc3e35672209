"""The security headers of every answer."""

from flask import Response, request

from webapp.domain.webcasts import PLAYER_ORIGINS

_PLAYERS = " ".join(PLAYER_ORIGINS)
_PLAYERS_QUOTED = " ".join(f'"{origin}"' for origin in PLAYER_ORIGINS)

INLINE_SCRIPT = "sha256-9YvceVTnBtsMlYvrFuicIfIx0m24Gr+R9HldaCKddow="
"""The hash of `templates/_zone.js`, the one script that stands in pages themselves, for the policy (CSP 3, 2.3.1)."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' '{INLINE_SCRIPT}'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        f"frame-src {_PLAYERS}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""One script inline, no style; nothing from elsewhere; only a player, once Play is pressed, may be framed."""

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    # The players want full screen and to start by themselves, since the viewer has pressed Play already.
    "Permissions-Policy": ", ".join(
        (
            *(
                f"{feature}=(self {_PLAYERS_QUOTED})"
                for feature in ("autoplay", "encrypted-media", "fullscreen", "picture-in-picture")
            ),
            *(f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb")),
        )
    ),
    # YouTube refuses to play on a page that hides where it is.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


# A page's policy does not apply to its subresources, style sheets and their like. A drawing gets it all the same, since
# it can be opened as a page of its own.
_STATIC_HEADERS = {"X-Content-Type-Options": "nosniff"}
_SUBRESOURCES = (
    "text/css",
    "text/javascript",
    "font/",
    "image/avif",
    "image/jpeg",
    "image/png",
    "image/vnd.microsoft.icon",
    "image/webp",
    "application/manifest+json",
)


# A year, for this host alone: what else its owner serves under other names is not ours to decide.
_TRANSPORT = "max-age=31536000"


def add_security_headers(response: Response, *, is_https: bool) -> Response:
    """Put the security headers on an answer."""
    is_static = request.blueprint in {"assets", "pictures"}
    content_type = (response.content_type or "") if is_static else ""
    response.headers.extend(security_headers(content_type, is_https=is_https))
    return response


def security_headers(static_type: str, *, is_https: bool) -> dict[str, str]:
    """Give the headers for an answer: all of them, but for style sheets and their like, which need but one.

    `static_type` is the content type of a static file, and nothing for all other answers. `is_https` says whether the
    public address is, and so whether browsers may be told to come by no other way.
    """
    headers = _STATIC_HEADERS if static_type.startswith(_SUBRESOURCES) else _HEADERS
    return headers | {"Strict-Transport-Security": _TRANSPORT} if is_https else headers
