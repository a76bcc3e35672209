"""The reverse proxies of the manual, set up as they are printed, serve Perigee over TLS."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.manual import program, recipe, replaced
from tests.processes import PERIGEE, Server, free_port, running_server, wait_until

pytestmark = [pytest.mark.service, pytest.mark.slow]

NAME = "events.example.org"

# What Debian's own configuration has around a site, with all files in a folder of the test.
_NGINX = """
pid nginx.pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path client; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {site}
}}
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate that signs itself; its key lies beside it."""
    file = tmp_path_factory.mktemp("tls") / "tls.pem"
    key = file.with_suffix(".key")
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    make = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{key}", "-out", f"{file}"]
    subprocess.run([*make, *subject], check=True, capture_output=True)
    return file


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    public = {"PERIGEE_PUBLIC_URL": f"https://{NAME}", "PERIGEE_PROXIES": "1"}
    data = tmp_path_factory.mktemp("data")
    with running_server(data, command=PERIGEE, PERIGEE_LL2_URL="http://127.0.0.1:9/", **public) as server:
        yield server


def test_nginx_as_in_the_manual(tmp_path: Path, server: Server, certificate: Path) -> None:
    port = free_port()
    site = replaced(
        recipe("server {"),
        {
            "listen 443 ": f"listen 127.0.0.1:{port} ",
            f"/etc/ssl/{NAME}.pem": f"{certificate}",
            f"/etc/ssl/{NAME}.key": f"{certificate.with_suffix('.key')}",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
        },
    )
    (tmp_path / "nginx.conf").write_text(_NGINX.format(site=site))
    with running(program("nginx"), "-p", f"{tmp_path}", "-c", "nginx.conf", "-g", "daemon off;"):
        serves_perigee(port, certificate)


def test_caddy_as_in_the_manual(tmp_path: Path, server: Server, certificate: Path) -> None:
    port = free_port()
    site = replaced(
        recipe(f"{NAME} {{"),
        {
            f"{NAME} {{": f"{NAME}:{port} {{\nbind 127.0.0.1\ntls {certificate} {certificate.with_suffix('.key')}",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
        },
    )
    config = tmp_path / "Caddyfile"
    config.write_text("{\nadmin off\nauto_https disable_redirects\n}\n" + site)
    with running(program("caddy"), "run", "--config", f"{config}", "--adapter", "caddyfile"):
        serves_perigee(port, certificate)


@contextmanager
def running(*command: str) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield
        except AssertionError as error:
            process.terminate()
            error.add_note(process.communicate(timeout=30)[0])
            raise
        finally:
            process.terminate()
            process.wait(30)


def serves_perigee(port: int, certificate: Path) -> None:
    """Fetch as a browser does: by the public name, with its certificate, over HTTP/2."""

    def fetch(path: str, *flags: str) -> str:
        command = [program("curl"), "--silent", "--http2", "--cacert", f"{certificate}", "--noproxy", "*", *flags]
        address = ["--resolve", f"{NAME}:{port}:127.0.0.1", f"https://{NAME}:{port}{path}"]
        done = subprocess.run([*command, *address], capture_output=True, text=True, check=False, timeout=30)
        return done.stdout

    wait_until(lambda: fetch("/healthz") == "ok\n")
    told = "--write-out", "%{http_version} %{http_code} %{content_type}", "--output", "/dev/null"
    assert fetch("/status", *told) == "2 200 text/html; charset=utf-8"
    assert f'href="https://{NAME}/status"' in fetch("/status")
    # Who asked is known: this machine's own operator would see the metrics.
    assert fetch("/metrics", *told).startswith("2 404 ")
