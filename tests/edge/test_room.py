from webapp.edge.room import Room


def test_what_was_longest_not_asked_for_makes_way() -> None:
    room: Room[str, int] = Room(10 * 400)
    for number in range(10):
        room.put(str(number), number, 100)
    assert room.get("0") == 0
    room.put("new", 10, 100)
    assert [room.get(str(number)) for number in range(10)] == [0, None, *range(2, 10)]
    assert room.get("new") == 10


def test_a_new_value_takes_the_place_of_the_old() -> None:
    room: Room[str, int] = Room(8000)
    for number in range(7):
        room.put(str(number), number, 700)
    for _ in range(100):
        room.put("0", 10, 700)
    room.put("7", 7, 700)
    assert [room.get(str(number)) for number in range(8)] == [10, 1, 2, 3, 4, 5, 6, 7]


def test_what_would_fill_the_room_alone_is_not_kept_and_the_old_is_gone() -> None:
    room: Room[str, int] = Room(8000)
    room.put("a", 1, 10)
    room.put("a", 2, 701)
    assert room.get("a") is None
    for number in range(8):
        room.put(str(number), number, 700)
    assert [room.get(str(number)) for number in range(8)] == list(range(8)), "and its place is free"
