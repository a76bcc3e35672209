from tests.clock import NOW
from webapp.store import ServerKeys, Store
from webapp.sync.diagnosis import Level
from webapp.sync.push_diagnosis import examine_push


def test_it_says_why_browsers_get_no_notices(store: Store) -> None:
    def found(*, is_https: bool = True, can_encrypt: bool = True) -> tuple[Level, bool]:
        with store.read() as snapshot:
            (finding,) = examine_push(snapshot, is_https=is_https, can_encrypt=can_encrypt)
        return finding.level, bool(finding.remedy)

    assert found(is_https=False, can_encrypt=False) == (Level.FINE, False)
    assert found(can_encrypt=False) == (Level.ODD, True)
    assert found() == (Level.ODD, True)
    with store.write() as writer:
        writer.browsers.put_server_keys(ServerKeys("private", "public"), now=NOW)
    assert found() == (Level.FINE, False)
