"""The probe of a running server, for what watches over a container: whether its `/healthz` answers."""

from ipaddress import ip_address

import requests

from webapp.settings import Settings

_WITHIN_SECONDS = 3
_LOOPBACK = {4: "127.0.0.1", 6: "[::1]"}


class UnhealthyError(Exception):
    """The server does not answer, or not as it should; the message says what came instead."""


def ask_health(settings: Settings) -> str:
    """Ask the server of these settings, on this machine; return the address asked. Raises `UnhealthyError`."""
    url = f"http://{_reachable(settings.host)}:{settings.port}/healthz"
    with requests.Session() as session:
        session.trust_env = False  # Proxies lead to the internet, not to this machine.
        # The server trusts the name of its own host, whatever else PERIGEE_TRUSTED_HOSTS leaves out.
        session.headers["Host"] = settings.bind
        try:
            answer = session.get(url, timeout=_WITHIN_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise UnhealthyError(f"{url} does not answer ({type(error).__name__})") from error
    if answer.status_code != requests.codes.ok:
        raise UnhealthyError(f"{url} answers {answer.status_code}")
    return url


def _reachable(host: str) -> str:
    """Give what to connect to where a server listens on this host: a wildcard is reached on loopback."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host
    if address.is_unspecified:
        return _LOOPBACK[address.version]
    return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 - the version of IP
