"""The container image: small, and content with a read-only file system, no capabilities and any user.

It is run by what a container engine runs by, namespaces and `chroot`, with the command and environment of the image.
"""

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.manual import ROOT, program
from tests.processes import free_port, wait_until
from tests.soak import length
from webapp import RELEASED_AT

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.campaign]

LARGEST_BYTES = 75_000_000

_ENTER = """
set -e
root=$1 data=$2 uid=$3
shift 3
mount --bind "$root" "$root"
mount --options remount,bind,ro "$root"
mount --bind "$data" "$root/data"
mount --types proc proc "$root/proc"
mount --types tmpfs shm "$root/dev/shm"
exec chroot "$root" setpriv --reuid="$uid" --regid="$uid" --clear-groups \
    --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""


@dataclass(frozen=True)
class Image:
    archive: Path
    root: Path
    config: dict[str, Any]

    @contextmanager
    def running(self, *command: str, data: Path, uid: int, **environ: str) -> Iterator[subprocess.Popen[str]]:
        data.mkdir(exist_ok=True)
        os.chown(data, uid, uid)
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "sh"]
        with subprocess.Popen(
            [*enter, self.root, data, str(uid), *command],
            env=dict(pair.split("=", 1) for pair in self.config["config"]["Env"]) | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


def test_the_image(tmp_path: Path) -> None:
    """All that it promises, in one test: it takes a minute to build."""
    wheel, archive = _wheel(tmp_path), tmp_path / "perigee.tar"
    _build(wheel, archive)
    image = _unpack(archive, tmp_path)
    is_small_and_read_by_what_podman_reads_images_with(image)
    writes_to_nothing_but_its_volume(image, tmp_path / "any")
    any_user_runs_it(image, tmp_path / "own", uid=10001, workers=1)
    any_user_runs_it(image, tmp_path / "other", uid=4242, workers=2)
    for _ in range(length(0, long=1)):
        _build(wheel, tmp_path / "again.tar")
        assert (tmp_path / "again.tar").read_bytes() == archive.read_bytes()


def _wheel(folder: Path) -> Path:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w"]
    subprocess.run([*build, f"{folder}", f"{ROOT}"], check=True, capture_output=True, timeout=180)
    (wheel,) = folder.glob("perigee-*.whl")
    return wheel


def _build(wheel: Path, archive: Path) -> None:
    program("mmdebstrap")
    if os.geteuid() != 0:
        pytest.skip("only root makes a file system for every user")
    environ = {"SOURCE_DATE_EPOCH": str(int(RELEASED_AT.timestamp())), "PYTHON": sys.executable}
    command = [ROOT / "image" / "build", wheel, archive]
    done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


def _unpack(archive: Path, folder: Path) -> Image:
    parts, root = folder / "parts", folder / "root"
    with tarfile.open(archive) as tar:
        tar.extractall(parts, filter="data")
    root.mkdir()
    unpack = [program("tar"), "-xzf", f"{parts}/layer.tar.gz", "-C", f"{root}", "--numeric-owner"]
    subprocess.run(unpack, check=True, timeout=120)
    with gzip.open(parts / "layer.tar.gz") as layer:
        digest = hashlib.file_digest(layer, "sha256").hexdigest()
    config = json.loads((parts / "config.json").read_text())
    assert config["rootfs"]["diff_ids"] == [f"sha256:{digest}"]
    return Image(archive, root, config)


def is_small_and_read_by_what_podman_reads_images_with(image: Image) -> None:
    assert image.archive.stat().st_size <= LARGEST_BYTES
    command = [program("skopeo"), "inspect", "--config", "--raw", f"docker-archive:{image.archive}"]
    config = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    assert config == image.config
    assert config["config"]["User"] == "10001"
    assert config["config"]["Healthcheck"]["Test"] == ["CMD", "perigee", "health"]
    assert list(config["config"]["Volumes"]) == ["/data"]


def writes_to_nothing_but_its_volume(image: Image, data: Path) -> None:
    check = "import os, PIL; print([p for p in ('/', '/tmp', '/usr', '/data') if os.access(p, os.W_OK)])"
    with image.running("python3", "-c", check, data=data, uid=4242) as process:
        assert process.communicate(timeout=60)[0] == "['/data']\n"


def any_user_runs_it(image: Image, data: Path, *, uid: int, workers: int) -> None:
    port, (_, *probe) = str(free_port()), image.config["config"]["Healthcheck"]["Test"]
    environ = {"PORT": port, "PERIGEE_WORKERS": str(workers), "PERIGEE_LL2_URL": "http://127.0.0.1:9/"}
    with image.running(*image.config["config"]["Cmd"], data=data, uid=uid, **environ) as server:

        def is_healthy() -> bool:
            assert server.poll() is None, server.communicate()[0]
            with image.running(*probe, data=data, uid=uid, PORT=port) as process:
                return process.wait(30) == 0

        wait_until(is_healthy)
        page = requests.get(f"http://127.0.0.1:{port}/", timeout=10)
        assert (page.status_code, "SpaceX Crew-10" in page.text) == (200, True)
        inside = int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text())
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{inside}/status").read_text().splitlines())
        assert (status["Uid"].split()[0], int(status["CapBnd"], 16), status["NoNewPrivs"]) == (str(uid), 0, "1")
        began = time.monotonic()
        os.kill(inside, signal.SIGTERM)
        assert server.wait(15) == 0
        assert time.monotonic() - began < 15
    assert {file.stat().st_uid for file in data.rglob("*")} == {uid}
