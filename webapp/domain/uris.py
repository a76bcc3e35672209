"""Web addresses as RFC 3986 has them: in ASCII, so that every program can read them."""

import re
import unicodedata
from ipaddress import IPv6Address
from urllib.parse import quote

_ADDRESS = re.compile(
    r"(https?)://([^/?#]*@)?(\[[^]/?#@]*\]|[^/?#@:]+)(:[0-9]*)?(/[^?#]*)?(\?[^#]*)?(#.*)?", re.IGNORECASE
)
_ENCODED = re.compile(r"%(?![0-9A-Fa-f]{2})|[^0-9A-Za-z._~!$&'()*+,;=:@/?%-]")
_HOST_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z._-]*")
# Browsers read a backslash as a slash, other programs do not: nobody knows where such an address leads.
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]")
_UNSEEN = re.compile(r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_KEPT_CASE = frozenset("ßς")
_A_LABEL = "xn--"
_LARGEST_PORT = 65_535
_LONGEST_LABEL = 63


def web_url(text: str | None) -> str | None:
    """Give the address as a URI if it is `http` or `https` with a host; else `None`.

    As browsers do (WHATWG URL), it leaves out tabs and line breaks, writes the host in A-labels, and percent-encodes
    whatever else a URI cannot hold. What is encoded already stays.
    """
    match = _ADDRESS.fullmatch(re.sub(r"[\t\r\n]", "", (text or "").strip()))
    if match is None or _REFUSED.search(match.string):
        return None
    scheme, user, host, port, path, query, fragment = match.groups(default="")
    name = ascii_host(host)
    if name is None or (port[1:] and not 0 < int(port[1:6]) <= _LARGEST_PORT) or len(port) > len(":65535"):
        return None
    user = _percent_encoded(user[:-1]).replace("@", "%40") + user[-1:]
    # The first character of a fragment is its mark, which would be encoded anywhere else.
    rest = _percent_encoded(path + query) + fragment[:1] + _percent_encoded(fragment[1:])
    return f"{scheme}://{user}{name}{port}{rest}"


def ascii_host(host: str) -> str | None:
    """Give a host name in A-labels (RFC 5890), or an IP address; `None` for what is neither."""
    if host.startswith("["):
        return host if _is_ipv6(host[1:-1]) else None
    name = host if host.isascii() else ".".join(map(_a_label, _mapped(host).split(".")))
    return name if _HOST_NAME.fullmatch(name) else None


def readable_host(host: str) -> str:
    """Give a host name with its A-labels as the letters that they stand for, where they stand for any."""
    return ".".join(map(_u_label, host.split(".")))


def _percent_encoded(text: str) -> str:
    return _ENCODED.sub(lambda match: quote(match[0], safe=""), text)


def _is_ipv6(text: str) -> bool:
    try:
        return "%" not in text and IPv6Address(text) is not None
    except ValueError:
        return False


def _mapped(host: str) -> str:
    """Map a name as browsers do before they look it up (UTS 46, non-transitional).

    The codec of the standard library is older (IDNA 2003) and leads to other hosts: from `straße` to `strasse`.
    """
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", host)).replace("\u3002", ".").replace("ẞ", "ß")
    folded = "".join(char if char in _KEPT_CASE else char.casefold() for char in seen)
    return unicodedata.normalize("NFKC", folded)


def _a_label(label: str) -> str:
    """Give a label as DNS has it; one that cannot be stays as it is."""
    if label.isascii():
        return label
    kinds = [unicodedata.category(char) for char in label]
    if kinds[0].startswith("M") or any(kind[0] in "CZ" for kind in kinds):
        return label
    encoded = _A_LABEL + label.encode("punycode").decode("ascii")
    return encoded if len(encoded) <= _LONGEST_LABEL else label


def _u_label(label: str) -> str:
    if not label.lower().startswith(_A_LABEL):
        return label
    try:
        decoded = label[len(_A_LABEL) :].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    # What maps to something else, or is not seen, is not shown as what it is not.
    return decoded if decoded and ascii_host(decoded) == label.lower() else label
