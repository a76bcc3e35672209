"""The API: our own store in Launch Library 2.3.0's dialect, for programs written for either."""

from webapp.api.routes import make_blueprint

__all__ = ["make_blueprint"]
