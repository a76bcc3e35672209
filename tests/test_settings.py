from pathlib import Path

import pytest

from webapp.domain.entry import EntryKind
from webapp.domain.pictures import PicturePolicy
from webapp.settings import OPTIONS, InvalidSettingsError, Settings, unknown_names
from webapp.store import Store

DOCUMENTATION = Path(__file__).parent.parent / "docs" / "operating.md"


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    assert Settings.load({"PERIGEE_DATA_DIR": str(tmp_path)}) == Settings(
        host="127.0.0.1",
        port=8000,
        workers=1,
        threads=4,
        cache_mib=16,
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/perigee.db",
        redis_url=None,
        public_url=None,
        trusted_hosts=("localhost", "127.0.0.1", "[::1]"),
        proxies=0,
        rate_limit=300,
        ops_token=None,
        ll2_url="https://ll.thespacedevs.com/2.3.0/",
        ll2_token=None,
        ll2_hourly_budget=12,
        kinds=None,
        pictures=PicturePolicy.LICENSED,
        pictures_mib=200,
        push_hosts=(),
        websub_hub=None,
        notify=None,
        sample=True,
        api=True,
        api_cors=(),
        log_level="info",
        log_format="text",
    )


def test_everything_can_be_set(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.touch()
    environ = {
        "HOST": "0.0.0.0",  # noqa: S104 - an operator may want it
        "PORT": "80",
        "PERIGEE_WORKERS": "3",
        "PERIGEE_THREADS": "2",
        "REDIS_URL": "redis://127.0.0.1:6379/1",
        "PERIGEE_PROXIES": "2",
        "PERIGEE_RATE_LIMIT": "60",
        "PERIGEE_OPS_TOKEN": "sixteen-letters-",
        "PERIGEE_CACHE_MIB": "0",
        "PERIGEE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "sqlite:////srv/store.db",
        "PERIGEE_PUBLIC_URL": "https://events.example.org/",
        "PERIGEE_TRUSTED_HOSTS": "a.example, b.example",
        "PERIGEE_WEBSUB_HUB": "https://hub.example.org/",
        "PERIGEE_NOTIFY": str(rules),
        "PERIGEE_LL2_URL": "http://127.0.0.1:9/2.3.0",
        "PERIGEE_LL2_TOKEN": "key",
        "PERIGEE_LL2_HOURLY_BUDGET": "200",
        "PERIGEE_KINDS": "Launch, event,launch",
        "PERIGEE_PICTURES": "All",
        "PERIGEE_PICTURES_MIB": "50",
        "PERIGEE_PUSH_HOSTS": "push.example.org, *.Push.example.net",
        "PERIGEE_SAMPLE": "OFF",
        "PERIGEE_API": "off",
        "PERIGEE_API_CORS": "https://Club.example.org/, http://localhost:3000",
        "PERIGEE_LOG_LEVEL": "Debug",
        "PERIGEE_LOG_FORMAT": "JSON",
    }
    assert environ.keys() == {option.name for option in OPTIONS}
    assert Settings.load(environ) == Settings(
        host="0.0.0.0",  # noqa: S104 - as above
        port=80,
        workers=3,
        threads=2,
        cache_mib=0,
        data_dir=tmp_path,
        database_url="sqlite:////srv/store.db",
        redis_url="redis://127.0.0.1:6379/1",
        public_url="https://events.example.org",
        trusted_hosts=("a.example", "b.example"),
        proxies=2,
        rate_limit=60,
        ops_token="sixteen-letters-",
        ll2_url="http://127.0.0.1:9/2.3.0/",
        ll2_token="key",
        ll2_hourly_budget=200,
        kinds=(EntryKind.EVENT, EntryKind.LAUNCH),
        pictures=PicturePolicy.ALL,
        pictures_mib=50,
        push_hosts=("push.example.org", "*.push.example.net"),
        websub_hub="https://hub.example.org/",
        notify=rules,
        sample=False,
        api=False,
        api_cors=("https://club.example.org", "http://localhost:3000"),
        log_level="debug",
        log_format="json",
    )


def test_every_fault_is_reported_at_once() -> None:
    environ = {
        "PORT": "none",
        "PERIGEE_PUBLIC_URL": "events.example.org",
        "DATABASE_URL": "mysql://x",
        "PERIGEE_LL2_HOURLY_BUDGET": "0",
        "PERIGEE_KINDS": "event,landing",
        "PERIGEE_SAMPLE": "maybe",
        "PERIGEE_API": "perhaps",
        "PERIGEE_API_CORS": "club.example.org",
        "PERIGEE_LL2_URL": "ftp://x/",
        "PERIGEE_LL2_TOKEN": "a\nb",
        "PERIGEE_LOG_LEVEL": "loud",
        "REDIS_URL": "memcached://x",
        "PERIGEE_PROXIES": "-1",
        "PERIGEE_RATE_LIMIT": "some",
        "PERIGEE_OPS_TOKEN": "short",
        "PERIGEE_LOG_FORMAT": "xml",
        "PERIGEE_WORKERS": "many",
        "PERIGEE_CACHE_MIB": "-1",
        "PERIGEE_THREADS": "0",
        "PERIGEE_TRUSTED_HOSTS": "fine.example, my_box",
    }
    with pytest.raises(InvalidSettingsError) as caught:
        Settings.load(environ)
    assert {fault.name for fault in caught.value.faults} == environ.keys()
    assert "PORT: expected a port from 1 to 65535" in str(caught.value).splitlines()


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/a//b",
        "https://a.example/../b",
        "https://a.example/%2E/b",
        "https://a.example/a%2Fb",
        "https://a.example/a%00",
        "https://a.example/%ff",
        "https://a.example/a;b",
        "https://a.example/it's",
        "https://a.example?x=1",
        "https://a.example/#x",
        "https://u:p@a.example",
        "https://a.example:99999",
        "https://a b.example",
        "//a.example",
        "https://",
        "javascript:x",
    ],
)
def test_a_public_address_is_an_origin_and_maybe_a_plain_path(address: str) -> None:
    with pytest.raises(InvalidSettingsError):
        Settings.load({"PERIGEE_PUBLIC_URL": address})


def test_hosts_that_a_request_can_name_are_trusted_and_no_others() -> None:
    given = "box, events.example.org:8000, 192.168.1.7, [::1], ::2, bücher.example, münchen.example:8000"
    hosts = (
        "box", "events.example.org:8000", "192.168.1.7", "[::1]", "::2", "xn--bcher-kva.example",
        "xn--mnchen-3ya.example:8000",
    )  # fmt: skip
    assert Settings.load({"PERIGEE_TRUSTED_HOSTS": given}).trusted_hosts == hosts
    for wrong in (
        "my_box",
        "a b",
        "https://a.example",
        "a.example/",
        "x@a.example",
        "*",
        "bücher .example",
        "é:é",
        "\u202ea.example",
    ):
        with pytest.raises(InvalidSettingsError, match=r"^PERIGEE_TRUSTED_HOSTS: expected host names of letters"):
            Settings.load({"PERIGEE_TRUSTED_HOSTS": wrong})


def test_every_address_is_spelled_as_a_uri() -> None:
    read = Settings.load(
        {
            "PERIGEE_PUBLIC_URL": "https://raumfähre.example:8443/",
            "PERIGEE_WEBSUB_HUB": "https://хаб.example/ф?x=a b",
            "PERIGEE_LL2_URL": "http://münchen.example/spiegel ll2/2.3.0",
            "PERIGEE_API_CORS": "https://Bücher.example",
        }
    )
    assert (read.public_url, read.websub_hub, read.ll2_url, read.api_cors) == (
        "https://xn--raumfhre-4za.example:8443",
        "https://xn--80ac2d.example/%D1%84?x=a%20b",
        "http://xn--mnchen-3ya.example/spiegel%20ll2/2.3.0/",
        ("https://xn--bcher-kva.example",),
    )


def test_an_empty_value_counts_as_unset() -> None:
    assert Settings.load({"PORT": " ", "PERIGEE_LL2_TOKEN": ""}) == Settings.load({})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"PERIGEE_SAMPLE": "off"}, False),
        ({"PERIGEE_PUBLIC_URL": "https://a.example"}, False),
    ],
)
def test_no_subscriber_of_a_public_address_is_given_the_sample(environ: dict[str, str], expected: bool) -> None:  # noqa: FBT001
    assert Settings.load(environ).may_show_sample is expected


def test_every_setting_is_documented() -> None:
    text = DOCUMENTATION.read_text("utf-8")
    assert [option.name for option in OPTIONS if f"`{option.name}`" not in text] == []


@pytest.mark.parametrize(
    "address",
    ["sqlite:///", "sqlite:///:memory:", "sqlite://", "postgresql://u:p@h:abc/db", "mysql://h/db", "store.db"],
)
def test_a_database_that_cannot_be_shared_by_threads_or_reached_is_refused(address: str) -> None:
    with pytest.raises(InvalidSettingsError):
        Settings.load({"DATABASE_URL": address})


def test_a_hub_needs_a_public_address() -> None:
    hub = {"PERIGEE_WEBSUB_HUB": "https://hub.example.org/"}
    with pytest.raises(InvalidSettingsError, match=r"^PERIGEE_WEBSUB_HUB: expected an http or https address, with"):
        Settings.load(hub)
    with pytest.raises(InvalidSettingsError):
        Settings.load({"PERIGEE_WEBSUB_HUB": "hub", "PERIGEE_PUBLIC_URL": "https://a.example"})
    assert Settings.load(hub | {"PERIGEE_PUBLIC_URL": "https://a.example"}).websub_hub == "https://hub.example.org/"


def test_rules_need_a_public_address_and_a_file_that_is_there(tmp_path: Path) -> None:
    rules, public = tmp_path / "rules.toml", {"PERIGEE_PUBLIC_URL": "https://a.example"}
    notify = {"PERIGEE_NOTIFY": str(rules)}
    with pytest.raises(InvalidSettingsError, match=r"^PERIGEE_NOTIFY: expected a file of rules, with"):
        Settings.load(notify | public)
    rules.touch()
    with pytest.raises(InvalidSettingsError, match=r"^PERIGEE_NOTIFY: expected a file of rules, with"):
        Settings.load(notify)
    assert Settings.load(notify | public).notify == rules


def test_postgres_is_postgresql() -> None:
    assert Settings.load({"DATABASE_URL": "postgres://u:p@h/db"}).database_url == "postgresql://u:p@h/db"


@pytest.mark.parametrize(
    ("host", "bind"), [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("[::1]", "[::1]:80"), ("box", "box:80")]
)
def test_an_ipv6_address_is_bound_in_brackets(host: str, bind: str) -> None:
    assert Settings.load({"HOST": host, "PORT": "80"}).bind == bind


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("DATABASE_URL", "database_url", "postgresql://user:secret@db.example/perigee"),
        ("REDIS_URL", "redis_url", "redis://:secret@cache.example:6379/0"),
        ("PERIGEE_LL2_TOKEN", "ll2_token", "a secret key"),
        ("PERIGEE_OPS_TOKEN", "ops_token", "a secret of enough letters"),
    ],
)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str, field: str, value: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    assert getattr(Settings.load({f"{name}_FILE": str(file)}), field) == value
    missing = tmp_path / "none"
    for environ, at_fault, words in (
        ({f"{name}_FILE": str(file), name: value}, name, f", or its file in {name}_FILE (not both)"),
        ({f"{name}_FILE": str(missing)}, f"{name}_FILE", f"read ({missing}: No such file or directory)"),
    ):
        with pytest.raises(InvalidSettingsError) as caught:
            Settings.load(environ)
        assert [fault.name for fault in caught.value.faults] == [at_fault]
        assert caught.value.faults[0].expected.endswith(words)


def test_what_is_no_secret_stands_in_no_file(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000")
    assert Settings.load({"PORT_FILE": str(tmp_path / "port")}).port == 8000


@pytest.mark.parametrize("name", ["a?b", "%41", "a b#c", "fünf", "a%3Fmode=memory"])
def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    settings = Settings.load({"PERIGEE_DATA_DIR": str(folder)})
    folder.mkdir()
    for url in (settings.database_url, settings.sample_database_url, settings.demo_database_url):
        store = Store(url)
        store.migrate()
        store.close()
    assert {file.name for file in folder.glob("*.db")} == {"perigee.db", "sample.db", "demo.db"}
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_name_that_is_no_setting_is_told_with_the_one_that_was_meant() -> None:
    environ = {
        "PERIGEE_HOURLY_BUDGET": "9",
        "PERIGEE_KIND": "event",
        "PERIGEE_LL2_TOKEN_FILE": "/run/secrets/token",
        "PERIGEE_QQQQQQQQQQQQ": "",
        "PORT": "80",
        "PERIGEE_THREADS": "2",
    }
    assert unknown_names(environ) == {
        "PERIGEE_HOURLY_BUDGET": "PERIGEE_LL2_HOURLY_BUDGET",
        "PERIGEE_KIND": "PERIGEE_KINDS",
        "PERIGEE_QQQQQQQQQQQQ": None,
    }
