"""Addresses that are refused, however they are spelled, and such as are not."""

import socket

import pytest

from webapp.pictures.connections import connect, resolve
from webapp.pictures.public_addresses import RefusedAddressError, is_public, target_of

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - compared, not listened on
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.4", "224.0.0.1", "224.0.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::5db8:d822", "100::1",
    "2001::7f00:1", "2001:0:5db8:d822::1", "2001:db8::1", "2002:7f00:1::1", "2002:a9fe:a9fe::1", "3fff::1", "4000::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:4700::1111%1", "fec0::1", "ff02::1",
    "", "localhost", "1", "127.1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
]  # fmt: skip
REFUSED_URLS = {
    "ftp://a.example/1.jpg": "is not of http or https",
    "file:///etc/passwd": "is not of http or https",
    "//a.example/1.jpg": "is not of http or https",
    "data:image/png;base64,AAAA": "is not of http or https",
    "http://user@a.example/": "holds a user's name",
    "http://a.example:pass@10.0.0.1/": "holds a user's name",
    "http://a.example:8080/": "names a port other than 80 and 443",
    "https://a.example:22/": "names a port other than 80 and 443",
    "http://a.example:0/": "names a port other than 80 and 443",
    "http://a.example:99999/": "is no address",
    "http://a.example\\@10.0.0.1/": "is no address",
    "http://a.example/\r\nHost: b.example": "is no address",
    "http://a.example /": "is no address",
    f"http://a.example/{'a' * 2000}": "is no address",
    "http:///1.jpg": "names no host",
    "http://a..example/": "names no host",
    "http://127.0.0.1/": "is not public, or oddly spelled",
    "http://127.0.0.1./": "is not public, or oddly spelled",
    "http://0/": "is not public, or oddly spelled",
    "http://0.0.0.0/": "is not public, or oddly spelled",
    "http://2130706433/": "is not public, or oddly spelled",
    "http://017700000001/": "is not public, or oddly spelled",
    "http://0x7f000001/": "is not public, or oddly spelled",
    "http://0x7f.1/": "is not public, or oddly spelled",
    "http://0177.0.0.1/": "is not public, or oddly spelled",
    "http://127.1/": "is not public, or oddly spelled",
    "http://10.1/": "is not public, or oddly spelled",
    "http://a.0x/": "is not public, or oddly spelled",
    "http://%31%32%37.0.0.1/": "is not public, or oddly spelled",
    "http://１２７.0.0.1/": "is no address",
    "http://[::1]/": "is not public",
    "http://[::ffff:127.0.0.1]/": "is not public",
    "http://[::ffff:7f00:1]/": "is not public",
    "http://[64:ff9b::7f00:1]/": "is not public",
    "http://[2002:7f00:1::]/": "is not public",
    "http://[fe80::1%25eth0]/": "is not public",
    "http://[2606:4700::1111%25eth0]/": "is not public",
}
ODD_SPELLINGS = [
    "0.0.0.0",  # noqa: S104 - looked up, not listened on
    "0", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "localhost",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(("url", "why"), REFUSED_URLS.items())
def test_an_address_that_is_refused_for_its_spelling(url: str, why: str) -> None:
    with pytest.raises(RefusedAddressError, match=f"^{why}$"):
        target_of(url)


@pytest.mark.parametrize("host", ODD_SPELLINGS)
def test_what_a_resolver_reads_is_judged_too(host: str) -> None:
    assert not any(is_public(address[0]) for address in resolve(host, 80))


def test_a_label_that_is_too_long_is_no_host() -> None:
    with pytest.raises(socket.gaierror):
        resolve("a" * 64 + ".example", 80)


def test_a_plain_address_is_read_whole() -> None:
    target = target_of("HTTPS://A.example/é pic.jpg?x=1#top".replace(" ", "%20"))
    assert (target.scheme, target.host, target.port, target.path) == (
        "https",
        "a.example",
        443,
        "/%C3%A9%20pic.jpg?x=1",
    )
    assert target_of("http://a.example:443").port == 443
    assert target_of("http://[2606:4700::1111]/").host == "[2606:4700::1111]"


def test_whoever_answers_must_be_public_too() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(ConnectionError, match="another address answered"),
    ):
        connect(server.getsockname(), 5)
