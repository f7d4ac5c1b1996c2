"""In which order pages are begun."""

from folio.reading.page_order import groups, large_first


def test_pages_are_begun_one_by_one_where_nothing_is_known_of_them() -> None:
    assert list(groups(range(1, 4), {}, 2)) == [[1], [2], [3]]


def test_the_last_pages_of_a_scan_are_begun_together() -> None:
    sizes = dict.fromkeys(range(1, 9), 10)
    assert list(groups(range(1, 9), sizes, 2)) == [[1], [2], [3], [4, 5, 6, 7, 8]]


def test_all_pages_of_a_short_scan_are_begun_together() -> None:
    assert list(groups([2, 3], {1: 5, 2: 5, 3: 5}, 2)) == [[2, 3]]
    assert list(groups([], {1: 5}, 2)) == []


def test_of_those_the_large_ones_are_begun_first_and_like_ones_in_their_order() -> None:
    assert large_first([4, 5, 6, 7], {4: 10, 5: 90, 6: 10, 7: 50}) == [5, 7, 4, 6]
    assert large_first([4, 5, 6], {}) == [4, 5, 6]
