from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import make_webcast, webcasts
from webapp.domain.webcasts import PLAYER_ORIGINS, Webcast, WebcastKind, display_title, embed_url, ranked

VIDEO = "a1B2-3d_e5F"
YOUTUBE = f"https://www.youtube-nocookie.com/embed/{VIDEO}?autoplay=1&rel=0"
VIMEO = "https://player.vimeo.com/video/76979871"
TWITCH = "https://player.twitch.tv/?"


@pytest.mark.parametrize(
    ("kind_id", "kind"),
    [
        (1, WebcastKind.OFFICIAL),
        (3, WebcastKind.UNOFFICIAL),
        (6, WebcastKind.RECAP),
        (0, WebcastKind.OTHER),
        (2, WebcastKind.OTHER),
        (-1, WebcastKind.OTHER),
    ],
)
def test_the_kind_follows_the_id_and_never_the_words(kind_id: int, kind: WebcastKind) -> None:
    assert make_webcast(kind_id=kind_id, kind_name="Official Webcast").kind is kind
    assert make_webcast(kind_id=kind_id, kind_name="Unofficial Webcast").kind is kind


def test_live_comes_first_then_the_official_then_the_better_priority() -> None:
    order = (
        make_webcast(title="live, official", live=True, kind_id=1, priority=9),
        make_webcast(title="live, another kind", live=True, kind_id=2, priority=0),
        make_webcast(title="live, unofficial", live=True, kind_id=3, kind_name="Unofficial Webcast", priority=0),
        make_webcast(title="official, better", kind_id=1, priority=1),
        make_webcast(title="official", kind_id=1, priority=2),
        make_webcast(title="another kind", kind_id=99, priority=0),
        make_webcast(title="unofficial", kind_id=3, kind_name="Unofficial Webcast", priority=9),
        make_webcast(title="re-stream", kind_id=4, kind_name="Unofficial Re-stream", priority=7),
        make_webcast(title="recap", kind_id=6, priority=0),
    )
    assert ranked(order[::-1]) == order


def test_equals_stay_as_they_were_given() -> None:
    equals = tuple(make_webcast(title=title) for title in ("b", "c", "a"))
    assert (ranked(equals), ranked(equals[::-1])) == (equals, equals[::-1])


@settings(max_examples=25)
@given(st.lists(webcasts(), max_size=6).map(tuple))
def test_ranking_loses_nothing_and_settles_at_once(some: tuple[Webcast, ...]) -> None:
    found = ranked(some)
    assert sorted(map(repr, found)) == sorted(map(repr, some))
    assert ranked(found) == found


@pytest.mark.parametrize("title", ["Crew-11 docks", "YouTube Space Live", "Live from the station", "<b>x</b>"])
def test_a_title_that_says_something_is_shown(title: str) -> None:
    assert display_title(make_webcast(title=title)) == title


@pytest.mark.parametrize(
    "title",
    [
        "", "-", "YouTube", "youtube", "YOUTUBE", "- YouTube", "Twitch", "Vimeo", "X", "Twitter", "Live",
        "JavaScript is not available", "JavaScript is not available.", "JavaScript is disabled", "Untitled", "null",
        "None", "404 Not Found", "Access Denied", "Just a moment...", "Attention Required! | Cloudflare",
        "Before you continue to YouTube", "youtube.com", "www.youtube.com",
    ],
)  # fmt: skip
def test_a_rubbish_title_gives_way_to_the_publisher_and_then_to_the_host(title: str) -> None:
    assert display_title(make_webcast(title=title, publisher="NASA")) == "NASA"
    assert display_title(make_webcast(title=title, publisher="")) == "youtube.com"


@pytest.mark.parametrize(
    ("url", "player"),
    [
        (f"https://www.youtube.com/watch?v={VIDEO}", YOUTUBE),
        (f"http://youtube.com/watch?v={VIDEO}", YOUTUBE),
        (f"https://m.youtube.com/watch?app=desktop&v={VIDEO}&feature=share", YOUTUBE),
        (f"HTTPS://WWW.YouTube.COM/watch/?v={VIDEO}#top", YOUTUBE),
        (f"https://music.youtube.com/watch?v={VIDEO}", YOUTUBE),
        (f"https://youtu.be/{VIDEO}", YOUTUBE),
        (f"https://youtu.be/{VIDEO}?si=abc", YOUTUBE),
        (f"https://www.youtube.com/live/{VIDEO}?si=abc", YOUTUBE),
        (f"https://www.youtube.com/embed/{VIDEO}", YOUTUBE),
        (f"https://www.youtube-nocookie.com/embed/{VIDEO}", YOUTUBE),
        (f"https://www.youtube.com/shorts/{VIDEO}", YOUTUBE),
        (f"https://www.youtube.com/v/{VIDEO}", YOUTUBE),
        (f"https://youtu.be/{VIDEO}?t=90", f"{YOUTUBE}&start=90"),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=90s", f"{YOUTUBE}&start=90"),
        (f"https://www.youtube.com/watch?t=1h2m3s&v={VIDEO}", f"{YOUTUBE}&start=3723"),
        (f"https://www.youtube.com/live/{VIDEO}?t=2m", f"{YOUTUBE}&start=120"),
        (f"https://www.youtube.com/embed/{VIDEO}?start=15", f"{YOUTUBE}&start=15"),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=0", YOUTUBE),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=soon%26x=1", YOUTUBE),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=99999999", YOUTUBE),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=%D9%A1", YOUTUBE),
        ("https://vimeo.com/76979871", f"{VIMEO}?autoplay=1&dnt=1"),
        ("https://www.vimeo.com/76979871/", f"{VIMEO}?autoplay=1&dnt=1"),
        ("https://vimeo.com/76979871/0a1b2c3d4e", f"{VIMEO}?h=0a1b2c3d4e&autoplay=1&dnt=1"),
        ("https://player.vimeo.com/video/76979871?h=0a1b2c3d4e", f"{VIMEO}?h=0a1b2c3d4e&autoplay=1&dnt=1"),
        ("https://vimeo.com/channels/staffpicks/76979871", f"{VIMEO}?autoplay=1&dnt=1"),
        ("https://vimeo.com/76979871?h=%22onload", f"{VIMEO}?autoplay=1&dnt=1"),
        ("https://vimeo.com/event/123456", "https://vimeo.com/event/123456/embed?autoplay=1"),
        ("https://www.twitch.tv/nasa", f"{TWITCH}channel=nasa&parent=space.example&autoplay=true"),
        ("https://m.twitch.tv/nasa?sr=a", f"{TWITCH}channel=nasa&parent=space.example&autoplay=true"),
        ("https://www.twitch.tv/videos/123456", f"{TWITCH}video=123456&parent=space.example&autoplay=true"),
        ("https://player.twitch.tv/?channel=nasa", f"{TWITCH}channel=nasa&parent=space.example&autoplay=true"),
        ("https://player.twitch.tv/?video=v123456", f"{TWITCH}video=v123456&parent=space.example&autoplay=true"),
    ],
)
def test_a_video_that_can_be_embedded_has_a_player(url: str, player: str) -> None:
    assert embed_url(url, parent_host="space.example") == player


def test_the_host_that_twitch_is_told_cannot_add_a_parameter() -> None:
    player = embed_url("https://www.twitch.tv/nasa", parent_host="a&channel=evil")
    assert player == f"{TWITCH}channel=nasa&parent=a%26channel%3Devil&autoplay=true"


@pytest.mark.parametrize(
    "url",
    [
        # Hosts that only look like one.
        f"https://youtube.com.evil.example/watch?v={VIDEO}",
        f"https://evilyoutube.com/watch?v={VIDEO}",
        f"https://www.youtube.com@evil.example/watch?v={VIDEO}",
        f"https://evil.example/https://www.youtube.com/watch?v={VIDEO}",
        f"https://evilyoutu.be/{VIDEO}",
        "https://vimeo.com.evil.example/76979871",
        "https://twitch.tv.evil.example/nasa",
        # Other schemes.
        "javascript:alert(1)",
        f"javascript://www.youtube.com/watch?v={VIDEO}%0aalert(1)",
        f"javascript://www.youtube.com/watch?v={VIDEO}",
        f"data:text/html,//www.youtube.com/watch?v={VIDEO}",
        f"ftp://www.youtube.com/watch?v={VIDEO}",
        f"//www.youtube.com/watch?v={VIDEO}",
        # No video, or no id that could be one.
        "https://www.youtube.com/",
        "https://www.youtube.com/@NASA/live",
        "https://www.youtube.com/watch",
        f"https://www.youtube.com/watch?v={VIDEO}x",
        f"https://www.youtube.com/watch?v={VIDEO[:-1]}",
        f"https://www.youtube.com/watch?v={VIDEO[:-1]}%0a",
        "https://www.youtube.com/watch?v=../../../etc",
        f"https://www.youtube.com/watch?v={VIDEO[:-1]}%22",
        f"https://www.youtube.com/watch/{VIDEO}",
        "https://www.youtube.com/live/",
        "https://www.youtube.com/playlist?list=PL123",
        "https://www.youtube.com/embed/live_stream?channel=UC123",
        "https://www.youtube.com/embed/videoseries?list=PL123",
        "https://youtu.be/",
        "https://vimeo.com/",
        "https://vimeo.com/nasa",
        "https://vimeo.com/nasa/76979871",
        "https://vimeo.com/٧٦٩٧٩٨٧١",
        "https://vimeo.com/event/soon",
        "https://www.twitch.tv/",
        "https://www.twitch.tv/directory",
        "https://www.twitch.tv/videos",
        "https://www.twitch.tv/videos/soon",
        "https://www.twitch.tv/nasa/clip/Fun",
        "https://www.twitch.tv/na%22sa",
        "https://player.twitch.tv/?channel=a%26parent=evil.example",
        # Hosts without a player here.
        "https://plus.nasa.gov/scheduled-video/launch/",
        "https://x.com/i/broadcasts/1OyKAAAA",
        "https://www.pscp.tv/w/1",
    ],
)
def test_what_cannot_be_embedded_stays_a_link(url: str) -> None:
    assert embed_url(url, parent_host="space.example") is None


ADDRESSES = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(("https", "http", "javascript")),
    st.sampled_from(("www.youtube.com", "youtu.be", "vimeo.com", "www.twitch.tv", "evil.example")),
    st.text(st.sampled_from("aB1_-/?=&%2v\"'<>#"), max_size=30).map(lambda rest: rest.replace("?", "watch?v=", 1)),
)


@given(ADDRESSES)
def test_every_player_lives_on_an_origin_that_a_page_may_frame(url: str) -> None:
    player = embed_url(url, parent_host="space.example")
    if player is not None:
        parts = urlsplit(player)
        assert f"{parts.scheme}://{parts.netloc}" in PLAYER_ORIGINS
        assert not set(player) & set("\"'<> ")
