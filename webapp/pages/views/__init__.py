"""The pages' addresses: parse, ask, present. One module for each kind of page; importing it registers its routes."""

from webapp.pages.views import changes, event, status, timeline
from webapp.pages.views.blueprint import blueprint

__all__ = ["blueprint", "changes", "event", "status", "timeline"]
