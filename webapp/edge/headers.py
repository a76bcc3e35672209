"""The security headers of every answer."""

from flask import Response

from webapp.domain.webcasts import PLAYER_ORIGINS

_PLAYERS = " ".join(PLAYER_ORIGINS)
_PLAYERS_QUOTED = " ".join(f'"{origin}"' for origin in PLAYER_ORIGINS)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        f"frame-src {_PLAYERS}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script or style, nothing from elsewhere; only a player, once Play is pressed, may be framed."""

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


def add_security_headers(response: Response) -> Response:
    """Put the security headers on an answer."""
    response.headers.extend(_HEADERS)
    return response
