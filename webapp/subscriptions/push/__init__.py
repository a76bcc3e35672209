"""The addresses at which a browser asks for notices: the only ones that change anything."""

from webapp.subscriptions.push.limits import PushLimits
from webapp.subscriptions.push.views import make_blueprint

__all__ = ["PushLimits", "make_blueprint"]
