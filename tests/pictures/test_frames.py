import pytest

from webapp.pictures.frames import read_frame, write_frame


@pytest.mark.parametrize("pieces", [[], [b""], [b"one", b"", b"\0" * 9]])
def test_a_frame_is_read_back(pieces: list[bytes]) -> None:
    assert read_frame(write_frame({"a": ["é"]}, pieces)) == ({"a": ["é"]}, pieces)


@pytest.mark.parametrize(
    "frame",
    [b"", b"\0\0", b"\0\0\0\x02{}", write_frame({}, [b"one"])[:-1], write_frame({}, [b"one"]) + b"x", b"<html>"],
)
def test_what_is_no_frame_is_refused(frame: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_frame(frame)
