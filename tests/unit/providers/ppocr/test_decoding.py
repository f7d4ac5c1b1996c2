"""Doubtful stretches of Chinese and Japanese, decided by what characters follow each other."""

from msgspec.structs import replace

from folio.providers.ppocr.language.ngrams import ngrams
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.answers import Answered
from folio.providers.ppocr.text.decoding import decided, has_doubtful
from tests.support.recognized import STEP, Answer, Step, recognized

ALPHABET = ("", *"温吸暖化地球の影響音調査a1□", " ")
JAPANESE, CHINESE = ngrams("japanese"), ngrams("chinese")


def sure(text: str) -> list[Step]:
    return [{one: 0.99} for one in text]


def read(*steps: Step) -> list[Character]:
    return changed(*recognized(ALPHABET, *steps))


def changed(characters: list[Character], answer: Answer) -> list[Character]:
    return decided(characters, Answered(answer, ALPHABET, STEP), JAPANESE)


def text(characters: list[Character]) -> str:
    return "".join(one.text for one in characters)


def test_a_doubtful_character_becomes_the_one_that_texts_have_there_and_is_no_surer_than_it_was() -> None:
    steps = (*sure("地球温"), {"吸": 0.7, "暖": 0.1}, *sure("化"))
    assert text(recognized(ALPHABET, *steps)[0]) == "地球温吸化"
    found = read(*steps)
    assert text(found) == "地球温暖化"
    assert [round(one.probability, 2) for one in found] == [0.99, 0.99, 0.99, 0.7, 0.99]
    assert [one.source for one in found] == ["exact", "exact", "exact", "likely", "exact"]
    assert [one.center for one in found] == [one.center for one in recognized(ALPHABET, *steps)[0]]


def test_several_doubtful_characters_are_decided_together_at_the_ends_of_a_line_too() -> None:
    assert text(read({"音": 0.6, "影": 0.3}, {"音": 0.6, "響": 0.3}, *sure("の調査"))) == "影響の調査"
    assert text(read(*sure("影響の"), {"調": 0.5}, {"音": 0.5, "査": 0.4})) == "影響の調査"


def test_a_character_that_is_missing_between_two_clear_ones_is_found_and_as_unsure_as_it_was_seen() -> None:
    characters, answer = recognized(ALPHABET, *sure("地球の影響調査"))
    answer[9] = 1e-6
    answer[9, [0, ALPHABET.index("響")]] = 0.7, 0.3
    gone = [one for one in characters if one.text != "響"]
    found = changed(gone, answer)
    assert text(found) == "地球の影響調査"
    assert round(found[4].probability, 2) == 0.3
    assert found[3].center < found[4].center < found[5].center


DATE = ("", *"定于二〇○一六年", " ")


def test_a_character_of_no_text_that_was_read_is_not_left_out() -> None:
    characters, answer = recognized(DATE, *sure("定于二"), {"": 0.3, "〇": 0.7}, *sure("二六年"))
    assert text(decided(characters, Answered(answer, DATE, STEP), CHINESE)) == "定于二〇二六年"


def test_what_is_at_all_probable_in_a_gap_stands_there_however_unlikely_texts_make_it() -> None:
    characters, answer = recognized(DATE, *sure("定于二"), {"": 0.68, "〇": 0.08, "○": 0.24}, *sure("一六年"))
    assert text(characters) == "定于二一六年"
    found = decided(characters, Answered(answer, DATE, STEP), CHINESE)
    assert text(found) == "定于二○一六年"
    assert round(found[3].probability, 2) == 0.24
    answer[7, [0, DATE.index("○"), DATE.index("〇")]] = 0.96, 0.02, 0.02
    assert text(decided(characters, Answered(answer, DATE, STEP), CHINESE)) == "定于二一六年"


def test_clear_characters_and_what_was_not_thought_of_stay() -> None:
    assert text(read(*sure("温"), {"吸": 0.99, "暖": 0.01}, *sure("化"))) == "温吸化"
    assert text(read(*sure("温"), {"吸": 0.7, "暖": 0.0005}, *sure("化"))) == "温吸化"
    assert text(read(*sure("地球"), {"球": 0.4}, *sure("の"))) in ("地球の", "地球球の")
    assert text(read(*sure("影響"), {"□": 0.5, "の": 0.3}, *sure("調査"))) == "影響□調査"  # no list of texts has it
    assert read() == []


def test_a_character_beside_its_like_is_not_doubled() -> None:
    characters, answer = recognized(ALPHABET, *sure("地球"), {"の": 0.9}, *sure("影響"))
    answer[4, :] = 1e-6
    answer[4, [0, ALPHABET.index("球")]] = 0.6, 0.4  # the end of a clear one, seen a step longer
    assert text(changed(characters, answer)) == "地球の影響"


def test_a_letter_or_digit_in_a_line_of_wide_characters_may_be_one_of_them() -> None:
    assert text(read(*sure("温暖化"), {"a": 0.6, "の": 0.3}, *sure("影響"))) == "温暖化の影響"
    assert text(read(*sure("温暖化"), {"1": 0.6, "の": 0.3}, *sure("影響"))) == "温暖化の影響"
    assert text(read(*sure("温暖化"), *sure("1"), *sure("影響"))) == "温暖化1影響"
    # Beside digits it is a part of a name, whatever texts have there.
    assert text(read(*sure("温暖化1"), {"a": 0.6, "1": 0.3}, *sure("1の影響"))) == "温暖化1a1の影響"


def test_lines_of_letters_and_what_was_read_quickly_are_not_asked_for() -> None:
    doubtful = recognized(ALPHABET, *sure("温"), {"暖": 0.7}, *sure("化"))[0]
    assert has_doubtful(doubtful)
    assert not has_doubtful([replace(one, source="quick") for one in doubtful])
    assert not has_doubtful(recognized(ALPHABET, *sure("温暖化"))[0])
    assert not has_doubtful(recognized(ALPHABET, {"a": 0.5}, {"1": 0.5}, *sure("温"))[0])


def test_what_two_forms_of_one_sign_have_of_a_step_is_added_up() -> None:
    alphabet = (*ALPHABET, "・", "·")
    characters, answer = recognized(alphabet, *sure("調査地球"), {"・": 0.3, "·": 0.3}, *sure("温暖化"))
    gone = [one for one in characters if one.text not in "・·"]
    answer[9, 0] = 0.09  # as writing, the text with a dot is 0.22 times as likely: 0.13 with both forms, 0.07 with one
    assert text(decided(gone, Answered(answer, alphabet, STEP), JAPANESE)) == "調査地球・温暖化"
    answer[9, alphabet.index("·")] = 0.0
    assert text(decided(gone, Answered(answer, alphabet, STEP), JAPANESE)) == "調査地球温暖化"


def second(*steps: Step) -> Answered:
    """Another look at all of a line, whose steps are twice as long."""
    answer = recognized(ALPHABET, *steps)[1]
    middles = [(2 * index + 1.5) * 2 * STEP for index in range(len(steps))]
    return Answered(answer, ALPHABET, 2 * STEP, middles)


def test_a_second_look_counts_as_much_as_texts_do() -> None:
    characters, answer = recognized(ALPHABET, *sure("調査の"), {"音": 0.5, "球": 0.4}, *sure("の地球"))
    line = Answered(answer, ALPHABET, STEP)
    doubtful = text(decided(characters, line, JAPANESE))
    assert doubtful == "調査の音の地球"
    clear = second(*sure("調査の"), {"球": 0.999}, *sure("の地球"))
    found = decided(characters, line, JAPANESE, clear)
    assert text(found) == "調査の球の地球"
    assert found[3].center == characters[3].center
    assert round(found[3].probability, 2) == 0.5


def test_a_second_look_is_none_where_clear_neighbors_are_not_read_in_it() -> None:
    characters, answer = recognized(ALPHABET, *sure("調査の"), {"音": 0.5, "球": 0.4}, *sure("の地球"))
    other = second(*sure("調査化"), {"球": 0.999}, *sure("の地球"))
    assert text(decided(characters, Answered(answer, ALPHABET, STEP), JAPANESE, other)) == "調査の音の地球"


def test_a_character_that_only_a_second_look_thought_of_stands_in_its_place() -> None:
    characters, answer = recognized(ALPHABET, *sure("地球の"), {"吸": 0.5, "音": 0.3}, *sure("の調査"))
    found = decided(
        characters,
        Answered(answer, ALPHABET, STEP),
        JAPANESE,
        second(*sure("地球の"), {"影": 0.999}, *sure("の調査")),
    )
    assert len(found) == len(characters)
    assert [one.center for one in found] == [one.center for one in characters]
