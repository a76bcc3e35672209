import functools
import io
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures.hostile_files import BROKEN, SIZE, SOUND, drawn, encoded
from tests.soak import every_day
from webapp.domain.pictures import PictureFile
from webapp.pictures import making_process
from webapp.pictures.making import MadePicture, UnusablePictureError
from webapp.pictures.making_process import is_available

make_files = functools.partial(making_process.make_files, timeout_s=120.0)  # However slow the machine.
FORMATS = {"image/avif": "AVIF", "image/webp": "WEBP", "image/jpeg": "JPEG"}
MEMORY_MIB = 384
LONG_SIDE, SHORT_SIDE = 8_000, 5_000  # Together 40 million pixels.


def reopened(file: PictureFile, content: bytes) -> Image.Image:
    """Open a file that was made, which is just what it is said to be, and no more."""
    image = Image.open(io.BytesIO(content))
    image.load()
    assert (image.format, image.size, len(content)) == (FORMATS[file.media_type], (file.width, file.height), file.size)
    assert image.mode == "RGB"
    assert not {"exif", "icc_profile", "xmp", "comment", "photoshop", "transparency"} & set(image.info)
    assert not image.getexif()
    assert getattr(image, "n_frames", 1) == 1
    return image


def images(made: MadePicture) -> list[Image.Image]:
    return [reopened(file, content) for file, content in made.files.items()]


def nearly(color: object, expected: tuple[int, int, int]) -> bool:
    return isinstance(color, tuple) and all(
        abs(part - wanted) < 12 for part, wanted in zip(color, expected, strict=True)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", every_day(list(BROKEN), one_of=2))
def test_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(UnusablePictureError) as refused:
        make_files(BROKEN[name]())
    assert "could not be made small" not in str(refused.value), "the child refused it; it did not fail"


@pytest.mark.slow
@pytest.mark.parametrize("name", every_day(list(SOUND), one_of=2))
def test_of_any_sound_picture_plain_files_are_made(name: str) -> None:
    made = make_files(SOUND[name]())
    shapes = {image.width / image.height for image in images(made)}
    wide = SIZE[0] / SIZE[1]
    lies = name in {"EXIF orientation 5", "EXIF orientation 6", "EXIF orientation 8"}
    of_640 = name.startswith(("PNG of 16 bits, RGB", "PNG whose", "PNG with text"))
    expected = 640 / 427 if of_640 else 1 / wide if lies else wide
    assert all(abs(shape - expected) < 0.02 for shape in shapes)
    assert made.color.startswith("#")


def test_files_come_in_three_widths_and_three_formats_under_the_name_of_their_content() -> None:
    made = make_files(encoded(drawn(size=(1600, 1000)), "JPEG"))
    assert sorted((file.width, file.height, file.media_type) for file in made.files) == [
        (width, height, media_type) for width, height in ((320, 200), (640, 400), (1280, 800)) for media_type in
        ("image/avif", "image/jpeg", "image/webp")
    ]  # fmt: skip
    assert len({file.path for file in made.files}) == 9
    assert all(making_process.path_of(content, file.media_type) == file.path for file, content in made.files.items())
    assert {Path(file.path).suffix for file in made.files} == {".avif", ".webp", ".jpg"}


def test_none_is_wider_than_the_original() -> None:
    assert {file.width for file in make_files(encoded(drawn(size=(1000, 600)), "PNG")).files} == {320, 640}
    assert {(file.width, file.height) for file in make_files(encoded(drawn(size=(200, 120)), "PNG")).files} == {
        (200, 120)
    }


def test_the_same_bytes_give_the_same_bytes() -> None:
    original = encoded(drawn(size=(1600, 1000)), "JPEG")
    assert make_files(original) == make_files(original)


def test_noise_is_made_worse_until_it_is_small() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1400, 933), 120) for _ in range(3)])
    made = make_files(encoded(noise, "JPEG", quality=90))
    assert all(file.size <= {320: 40_000, 640: 90_000, 1280: 300_000}[file.width] for file in made.files)


def test_what_is_transparent_stands_on_white_and_the_average_colour_is_known() -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 200, 400))
    made = make_files(encoded(image, "PNG"))
    for opened in images(made):
        assert nearly(opened.getpixel((10, 100)), (200, 0, 0))
        assert nearly(opened.getpixel((opened.width - 10, 100)), (255, 255, 255))
    assert nearly(tuple(bytes.fromhex(made.color[1:])), (228, 128, 128))


def test_sixteen_bits_become_eight_and_cmyk_rgb() -> None:
    grey = make_files(encoded(Image.new("I;16", (400, 300), 0x8000), "PNG"))
    assert grey.color == "#808080"
    cyan = make_files(encoded(Image.new("CMYK", (400, 300), (255, 0, 0, 0)), "JPEG"))
    assert nearly(tuple(bytes.fromhex(cyan.color[1:])), (0, 255, 255))


@pytest.mark.parametrize(("orientation", "corner"), [(1, "tl"), (2, "tr"), (3, "br"), (4, "bl"), (6, "tr"), (8, "bl")])
def test_a_picture_is_turned_upright(orientation: int, corner: str) -> None:
    image = Image.new("RGB", (2000, 1200), "white")
    image.paste((200, 0, 0), (0, 0, 500, 300))
    exif = Image.Exif()
    exif[0x0112] = orientation
    for opened in images(make_files(encoded(image, "JPEG", exif=exif))):
        x = 8 if corner[1] == "l" else opened.width - 8
        y = 8 if corner[0] == "t" else opened.height - 8
        assert nearly(opened.getpixel((x, y)), (200, 0, 0))
        assert (opened.height > opened.width) == (orientation in {6, 8})


def test_of_what_moves_the_first_frame_is_shown() -> None:
    frames = [Image.new("RGB", (400, 300), color) for color in ("#c80000", "#00c800")]
    for form in ("GIF", "WEBP", "PNG", "AVIF"):
        made = make_files(encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=50))
        assert all(nearly(opened.getpixel((5, 5)), (200, 0, 0)) for opened in images(made))


def test_a_child_that_takes_too_long_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(UnusablePictureError, match=r"took more than 0\.05 seconds"):
        make_files(encoded(drawn(), "PNG"), timeout_s=0.05)
    assert time.monotonic() - began < 5


ANSWERS = {
    "import sys; sys.exit(3)": "exit status 3",
    "import os; os.kill(os.getpid(), 11)": "signal 11",
    "print('hello')": "nonsense",
    "pass": "nonsense",
    "raise RuntimeError('out of ink')": "out of ink",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x08[{}, []]')": "nonsense",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x02{}')": "nonsense",
}


@pytest.mark.parametrize("program", ANSWERS)
def test_a_child_that_fails_or_answers_nonsense_is_a_picture_that_cannot_be_used(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making_process, "_COMMAND", (sys.executable, "-c", program))
    with pytest.raises(UnusablePictureError, match=ANSWERS[program]):
        make_files(b"")


def test_a_child_is_told_nothing_that_this_process_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIGEE_DATABASE", "postgresql://secret")
    program = "import os, sys; sys.exit(' '.join(sorted(os.environ)))"
    monkeypatch.setattr(making_process, "_COMMAND", (sys.executable, "-c", program))
    with pytest.raises(UnusablePictureError, match="MALLOC_ARENA_MAX") as failed:
        make_files(b"")
    assert "PERIGEE" not in str(failed.value)


def test_no_program_to_start_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making_process, "_COMMAND", ("/nowhere/python",))
    with pytest.raises(UnusablePictureError, match="no process could be started"):
        make_files(b"")


def test_several_are_made_at_once() -> None:
    original, made = encoded(drawn(), "JPEG"), []
    threads = [threading.Thread(target=lambda: made.append(make_files(original))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert made[0] == made[1] == made[2]


def test_pillow_is_installed_and_not_imported_here() -> None:
    assert is_available()
    program = (
        "import sys; from webapp.pictures.making_process import is_available as it; it(); print('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"False\n"


HUGE = {
    "PNG": lambda: encoded(Image.new("RGB", (LONG_SIDE, SHORT_SIDE), "navy"), "PNG"),
    "tall PNG": lambda: encoded(Image.new("RGB", (SHORT_SIDE, LONG_SIDE), "navy"), "PNG"),
    "PNG with alpha": lambda: encoded(Image.new("RGBA", (LONG_SIDE, SHORT_SIDE), (0, 0, 99, 99)), "PNG"),
    "JPEG": lambda: encoded(Image.new("RGB", (LONG_SIDE, SHORT_SIDE), "navy"), "JPEG"),
    "progressive JPEG": lambda: encoded(
        Image.new("RGB", (LONG_SIDE, SHORT_SIDE), "navy"), "JPEG", progressive=True, subsampling=0
    ),
    "WebP": lambda: encoded(Image.new("RGB", (LONG_SIDE, SHORT_SIDE), "navy"), "WEBP", method=0),
    "AVIF": lambda: encoded(Image.new("RGB", (LONG_SIDE, SHORT_SIDE), "navy"), "AVIF", speed=10),
    "GIF": lambda: encoded(Image.new("P", (LONG_SIDE, SHORT_SIDE)), "GIF"),
}
MEASURE = """
import resource, sys
from pathlib import Path
from webapp.pictures.making_process import make_files
from webapp.pictures.making import UnusablePictureError
try:
    words = f"{len(make_files(Path(sys.argv[1]).read_bytes(), timeout_s=120.0).files)} files"
except UnusablePictureError as error:
    words = str(error)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, words)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", every_day(list(HUGE), one_of=3))
def test_forty_million_pixels_stay_within_the_memory_that_is_allowed(name: str, tmp_path: Path) -> None:
    file = tmp_path / "huge"
    file.write_bytes(HUGE[name]())
    # Measured by a small process: the peak of a child begins with that of whoever started it.
    done = subprocess.run([sys.executable, "-c", MEASURE, file], capture_output=True, text=True, check=True)
    peak, words = done.stdout.strip().split(" ", 1)
    assert int(peak) < MEMORY_MIB
    assert words in {"9 files", "needs too much memory"}
    if name in {"PNG", "tall PNG", "PNG with alpha", "JPEG"}:
        assert words == "9 files"
