from webapp.edge.room import Room


def test_what_was_longest_not_asked_for_makes_way() -> None:
    room: Room[str, int] = Room(10 * 400)
    for number in range(10):
        room.put(str(number), number, 100)
    assert (room.get("0"), room.used_bytes) == (0, 4000)
    room.put("new", 10, 100)
    assert [room.get(str(number)) for number in range(3)] == [0, None, 2]
    assert (room.get("new"), room.used_bytes) == (10, 4000)


def test_a_new_value_takes_the_place_of_the_old() -> None:
    room: Room[str, int] = Room(8000)
    room.put("a", 1, 700)
    room.put("a", 2, 100)
    assert (room.get("a"), room.used_bytes) == (2, 400)


def test_what_would_fill_the_room_alone_is_not_kept_and_the_old_is_gone() -> None:
    room: Room[str, int] = Room(8000)
    room.put("a", 1, 10)
    room.put("a", 2, 701)
    assert (room.get("a"), room.used_bytes) == (None, 0)
