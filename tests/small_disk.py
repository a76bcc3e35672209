"""A disk that can be filled."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a file system of 16 MiB at a new folder until the block ends. Skips the test where that is not allowed."""
    folder.mkdir()
    mount, unmount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], ["umount", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be mounted here: {getattr(error, 'stderr', '') or error}")
    try:
        yield folder
    finally:
        subprocess.run(unmount, check=True)


def fill_disk(file: Path) -> None:
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as filling:
        while True:
            filling.write(bytes(4096))
