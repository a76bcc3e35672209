"""The pages' addresses: parse, ask, present. One module for each kind of page; importing it registers its routes."""

from webapp.pages.views import (
    about,
    calendar,
    changes,
    entry,
    history,
    horizon,
    notices,
    past,
    planned,
    robots,
    statistics,
    status,
    subscribe,
    timeline,
    wall,
)
from webapp.pages.views.blueprint import blueprint

__all__ = [
    "about",
    "blueprint",
    "calendar",
    "changes",
    "entry",
    "history",
    "horizon",
    "notices",
    "past",
    "planned",
    "robots",
    "statistics",
    "status",
    "subscribe",
    "timeline",
    "wall",
]
