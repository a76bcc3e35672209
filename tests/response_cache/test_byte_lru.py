from webapp.response_cache.byte_lru import ByteLRU


def test_what_was_least_recently_used_is_evicted() -> None:
    lru: ByteLRU[str, int] = ByteLRU(10 * 400)
    for number in range(10):
        lru.put(str(number), number, 100)
    assert lru.get("0") == 0
    lru.put("new", 10, 100)
    assert [lru.get(str(number)) for number in range(10)] == [0, None, *range(2, 10)]
    assert lru.get("new") == 10


def test_a_new_value_takes_the_place_of_the_old() -> None:
    lru: ByteLRU[str, int] = ByteLRU(8000)
    for number in range(7):
        lru.put(str(number), number, 700)
    for _ in range(100):
        lru.put("0", 10, 700)
    lru.put("7", 7, 700)
    assert [lru.get(str(number)) for number in range(8)] == [10, 1, 2, 3, 4, 5, 6, 7]


def test_a_value_over_an_eighth_is_not_held_and_the_old_one_is_gone() -> None:
    lru: ByteLRU[str, int] = ByteLRU(8000)
    lru.put("a", 1, 10)
    lru.put("a", 2, 701)
    assert lru.get("a") is None
    for number in range(8):
        lru.put(str(number), number, 700)
    assert [lru.get(str(number)) for number in range(8)] == list(range(8)), "and its place is free"
