"""What those who run Perigee look at: health, readiness, metrics, and the number of each request."""

from webapp.ops.metrics import Metrics
from webapp.ops.recorder import Recorder
from webapp.ops.views import Insiders, make_operations

__all__ = ["Insiders", "Metrics", "Recorder", "make_operations"]
