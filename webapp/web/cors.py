"""Which other web sites' scripts may read an answer (the Fetch standard, 3.2)."""

from dataclasses import dataclass

from flask import Response, request

EXPOSED = "Allow, ETag, Perigee-Attribution, Perigee-Ignored-Parameters, Perigee-Sample, Retry-After, X-Request-ID"
_ACCEPTED = "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match"
_ONE_DAY = "86400"


@dataclass(frozen=True, slots=True)
class Cors:
    """The origins that are let in; none by default, and then no answer says a word about it."""

    origins: tuple[str, ...]

    def allow(self, response: Response) -> Response:
        """Put on an answer what the origin that asks needs, if it is let in."""
        if not self.origins:
            return response
        if "*" not in self.origins:
            response.vary.add("Origin")
        allowed = self._allowed(request.headers.get("Origin", ""))
        if allowed is None:
            return response
        response.headers["Access-Control-Allow-Origin"] = allowed
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = _ACCEPTED
            response.headers["Access-Control-Max-Age"] = _ONE_DAY
        else:
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

    def _allowed(self, origin: str) -> str | None:
        if "*" in self.origins:
            return "*"
        return origin if origin.casefold() in self.origins else None
