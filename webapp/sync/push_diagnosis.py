"""Why browsers may get no notices, for `perigee doctor`."""

from collections.abc import Iterator

from webapp.store import Snapshot
from webapp.sync.diagnosis import Finding, Level


def examine_push(snapshot: Snapshot, *, is_https: bool, can_encrypt: bool) -> Iterator[Finding]:
    """Judge whether browsers can subscribe. `can_encrypt` says whether what encrypts for them is installed."""
    if not is_https:
        yield Finding(Level.FINE, "Notices in browsers are off: PERIGEE_PUBLIC_URL is not an https address.")
    elif not can_encrypt:
        remedy = "Install perigee[push] where Perigee syncs."
        yield Finding(Level.ODD, "Browsers get no notices: cryptography is not installed.", remedy)
    elif snapshot.browsers.server_keys() is None:
        remedy = "Run `perigee serve`, or `perigee sync --watch`: keys are made at the start."
        yield Finding(
            Level.ODD, "Browsers can’t subscribe to notices yet: there are no keys for push services.", remedy
        )
    else:
        yield Finding(Level.FINE, "Browsers can subscribe to notices.")
