"""The HTML pages."""

from webapp.pages.views import blueprint

__all__ = ["blueprint"]
