from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.admission.visitors import UNKNOWN, networks_of

V6 = ("2001:db8:1:2::/64", "2001:db8:1::/48")


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("1.2.3.4", ("1.2.3.4",)),
        ("1.2.3.4:5555", ("1.2.3.4",)),
        (" 1.2.3.4 ", ("1.2.3.4",)),
        ("::ffff:1.2.3.4", ("1.2.3.4",)),
        ("[::FFFF:1.2.3.4]:5555", ("1.2.3.4",)),
        ("::ffff:0102:0304", ("1.2.3.4",)),
        ("64:ff9b::1.2.3.4", ("1.2.3.4",)),
        ("2001:db8:1:2::7", V6),
        ("2001:DB8:1:2:0:0:0:7", V6),
        ("[2001:db8:1:2::7]", V6),
        ("[2001:db8:1:2::7]:5555", V6),
        ("[2001:db8:1:2::7%eth0]:5555", V6),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48")),
        ("", (UNKNOWN,)),
        ("unknown", (UNKNOWN,)),
        ("_hidden:1", (UNKNOWN,)),
        ("[1.2.3.4", (UNKNOWN,)),
        ("1.2.3.4:port", (UNKNOWN,)),
        ("1.2.3.999", (UNKNOWN,)),
    ],
)
def test_one_visitor_has_one_name_however_a_proxy_spells_it(told: str, counted: tuple[str, ...]) -> None:
    assert networks_of(told) == counted


@given(address=st.ip_addresses(v=4) | st.ip_addresses(v=6), port=st.integers(0, 65535))
def test_a_port_makes_no_other_visitor(address: IPv4Address | IPv6Address, port: int) -> None:
    shown = f"[{address}]" if address.version == 6 else str(address)
    assert networks_of(f"{shown}:{port}") == networks_of(str(address)) != (UNKNOWN,)


@given(told=st.text(max_size=60))
def test_whatever_is_told_has_a_name(told: str) -> None:
    assert 1 <= len(networks_of(told)) <= 2
