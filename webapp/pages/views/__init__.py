"""The pages' addresses: parse, ask, present. One module for each kind of page; importing it registers its routes."""

from webapp.pages.views import changes, event, past, status, timeline
from webapp.pages.views.blueprint import blueprint

__all__ = ["blueprint", "changes", "event", "past", "status", "timeline"]
