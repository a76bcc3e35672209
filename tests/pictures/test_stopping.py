"""Stopping while a picture is being made: its process ends at once."""

import sys
import time
from threading import Thread

import pytest

from webapp.pictures import making_process
from webapp.pictures.making import UnusablePictureError


def test_whoever_stops_ends_the_child_that_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making_process, "_COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    faults: list[str] = []

    def make() -> None:
        try:
            making_process.make_files(b"original")
        except UnusablePictureError as error:
            faults.append(str(error))

    begun = time.monotonic()
    thread = Thread(target=make)
    thread.start()
    while thread.is_alive() and time.monotonic() - begun < 15:
        making_process.stop_children()
        thread.join(0.1)
    assert not thread.is_alive()
    assert faults == ["could not be made small (the process was ended by signal 9)"]
