from pathlib import Path

from tests.databases import migrated_store
from tests.processes import run_here
from webapp.domain.notices import Choices
from webapp.runtime import utc_now
from webapp.store import Channel, Subscription


def test_new_keys_for_push_services_forget_all_browsers(tmp_path: Path) -> None:
    store = migrated_store(tmp_path / "perigee.db")
    with store.write() as writer:
        browser = Subscription(Channel.PUSH, "one", "", Choices(), "https://fcm.googleapis.com/a", "{}")
        writer.notices.put_subscription(browser, now=utc_now())
    made = set()
    for forgotten in ("1 subscription", "0 subscriptions"):
        run = run_here("notify", "--new-push-keys", data=tmp_path)
        assert run.stdout == f"New keys are in use. {forgotten} forgotten.\n"
        with store.read() as snapshot:
            keys = snapshot.browsers.server_keys()
            assert snapshot.notices.list_subscribers() == []
        assert keys is not None
        made.add(keys.public)
    store.close()
    assert len(made) == 2
    assert run_here("notify", "--new-push-keys", "--resume", data=tmp_path).returncode == 2
