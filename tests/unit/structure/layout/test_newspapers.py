"""Pages of newspapers as an engine finds them are put in order: tiers that run downwards, columns across."""

import pytest

from tests.benchmarks.newspapers import read
from tests.support.newspapers import Noise, followed, newspaper


@pytest.mark.parametrize(("language", "least"), [("Japanese", 1.0), ("Chinese", 1.0), ("English", 0.985)])
def test_the_lines_of_each_story_follow_each_other(language: str, least: float) -> None:
    page = newspaper(2, language)
    pairs = list(followed(page, read(page)))
    assert sum(pairs) >= least * len(pairs)


def test_lines_across_a_gutter_cost_no_more_than_themselves() -> None:
    page = newspaper(2, "Chinese", Noise(joined=0.1, long=0.03))
    pairs = list(followed(page, read(page)))
    assert sum(pairs) >= 0.97 * len(pairs)


def test_what_does_not_follow_is_told() -> None:
    page = newspaper(1, "Chinese")
    upside_down = "".join(line for story in page.stories for line in reversed(story))
    assert not any(followed(page, upside_down))
