"""The addresses of the feeds."""

from webapp.subscriptions.views import blueprint

__all__ = ["blueprint"]
