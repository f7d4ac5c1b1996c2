"""Doubtful characters of Chinese and Japanese, decided by the rest of the page."""

from folio.providers.ppocr.characters import Character
from folio.providers.ppocr.repeated import clear_pairs, decided, has_doubtful
from tests.support.recognized import Answer, Step, part_of, recognized

ALPHABET = ("", *"温吸暖化地球a明期", " ")


def sure(text: str) -> list[Step]:
    return [{one: 0.99} for one in text]


def read(*steps: Step, page: str) -> list[Character]:
    characters, answer = recognized(ALPHABET, *steps)

    def part(left: float, right: float) -> tuple[Answer, tuple[str, ...]]:
        return part_of(answer, left, right), ALPHABET

    return decided(characters, part, clear_pairs([recognized(ALPHABET, *sure(page))[0], characters]))


def text(characters: list[Character]) -> str:
    return "".join(one.text for one in characters)


def test_a_doubtful_character_becomes_the_one_that_stands_beside_its_neighbor_elsewhere() -> None:
    steps = (*sure("温"), {"吸": 0.7, "暖": 0.1}, *sure("化"))
    found = read(*steps, page="地球温暖化")
    assert text(found) == "温暖化"
    assert [round(one.probability, 2) for one in found] == [0.99, 0.7, 0.99]
    assert [one.center for one in found] == [one.center for one in recognized(ALPHABET, *steps)[0]]
    assert text(read(*steps, page="地球")) == "温吸化"


def test_each_character_that_is_decided_tells_of_the_next_one() -> None:
    assert text(read(*sure("地"), {"吸": 0.6, "球": 0.2}, {"明": 0.5, "温": 0.2}, page="地球温")) == "地球温"


def test_clear_characters_letters_and_what_was_not_thought_of_stay() -> None:
    assert text(read(*sure("温"), {"吸": 0.95, "暖": 0.05}, page="温暖")) == "温吸"
    assert text(read(*sure("温"), {"a": 0.5, "暖": 0.4}, page="温暖")) == "温a"
    assert text(read(*sure("温"), {"吸": 0.7, "暖": 0.001}, page="温暖" * 8)) == "温吸"
    assert text(read({"明": 0.4}, {"吸": 0.7, "暖": 0.1}, page="明暖")) == "明吸"  # the neighbor may be another


def test_only_pairs_of_clear_wide_characters_tell() -> None:
    unclear = recognized(ALPHABET, *sure("温"), {"暖": 0.7}, *sure("化a地"))[0]
    assert clear_pairs([unclear, recognized(ALPHABET, *sure("地球地球"))[0]]) == {"地球": 2, "球地": 1}
    assert has_doubtful(unclear)
    assert not has_doubtful(recognized(ALPHABET, *sure("温"), {"a": 0.5})[0])
