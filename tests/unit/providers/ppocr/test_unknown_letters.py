"""Letters that PP-OCR does not know: places without a character, and the words of languages that it reads in part."""

import numpy as np
import pytest

from folio.models import UnknownLetters
from folio.providers.ppocr.language.partly_read import find_partly_read
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.missing_letters import Gaps, gaps
from folio.providers.ppocr.page.unknown_letters import find_unknown_letters
from folio.providers.ppocr.text.crop import Crop

HEIGHT_PX, LETTER_PX = 40, 18

type Seen = tuple[Crop, list[Character]]

ENGLISH = (
    "all rights that belong to people everywhere",
    "are to be upheld by those that rule",
    "and every person born is free",
)
VIETNAMESE = (
    "không ai bị bắt làm nô lệ hay bị cưỡng bức",
    "mọi người đều có quyền được sống trong tự do",
    "của các nước và những người khác cũng phải",
)


def line(text: str, *, unknown: str = "", ground: int = 255) -> Seen:
    """A line of monospaced print; what is drawn for `unknown` letters nobody says."""
    image = np.full((HEIGHT_PX, LETTER_PX * (len(text) + 1)), ground, np.uint8)
    characters = []
    for index, one in enumerate(text):
        left = LETTER_PX * index + 4
        if one != " ":
            image[8:30, left : left + LETTER_PX - 5] = 0
        if one not in unknown:
            characters.append(Character(one, 0.98, left + 4, left + 8))
    return Crop(image, np.zeros((4, 2), np.float32)), characters


def counted(*lines: Seen) -> tuple[int, int]:
    each = gaps(lines)
    return sum(one.count for one in each), sum(one.missing for one in each)


def test_places_are_between_two_letters_of_a_word_or_of_two() -> None:
    assert gaps([line("a bc, d2 e"), line("")]) == [Gaps(2, 0), Gaps(0, 0)]


def test_a_letter_of_which_nothing_is_said_is_missing_within_a_word_and_at_its_end() -> None:
    every, missing = counted(*[line(text, unknown="ịắệưỡứọờềợố") for text in VIETNAMESE])
    assert missing >= 0.08 * every
    assert counted(line("here notq at all", unknown="q"))[1] == 1


def test_nothing_is_missing_where_all_is_said_or_nothing_is_written() -> None:
    assert counted(*map(line, ENGLISH))[1] == 0
    assert counted(line("wide    gaps    between    words"))[1] == 0
    assert counted(line("里 里 里 里 里 里", unknown="里"))[1] == 0


def test_on_a_dark_ground_nothing_is_told() -> None:
    crop, characters = line("here notqhing at all", unknown="q")
    crop.image[:, 1::2] = 0  # the blanks are as dark as letters
    assert gaps([(crop, characters)])[0].missing == 0


def test_a_blank_beyond_the_line_is_passed_over() -> None:
    crop, characters = line("here notqhing at all", unknown="q")
    width = crop.image.shape[1]
    assert gaps([(crop, [*characters, Character(" ", 0.9, width, width + 8)])]) == gaps([(crop, characters)])


def test_a_language_is_told_by_its_words_whatever_became_of_their_accents() -> None:
    for text in (VIETNAMESE, tuple(one.replace("ườ", "").replace("ượ", "").replace("ề", "") for one in VIETNAMESE)):
        likeness = find_partly_read(text)
        assert likeness is not None
        assert (likeness.language.code, likeness.is_most) == ("vie", True)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("slk", "Všetky ľudské práva alebo slobody podľa tejto deklarácie, iba keď spolu"),
        ("tur", "Herkes, hakkı olarak veya tarafından hiçbir şekilde, insan gibi ancak"),
        ("isl", "Þetta hefur ekki verið fyrir því, og getur einnig verið eða þeim"),
        ("epo", "Ĉiu homo havas rajtojn, kaj tiuj estas kiel oni povas, sed ankaŭ devas"),
    ],
)
def test_other_languages_are_told_so_too(code: str, text: str) -> None:
    likeness = find_partly_read([text])
    assert likeness is not None
    assert likeness.language.code == code


@pytest.mark.parametrize(
    "text",
    [
        "Whereas recognition of the inherent dignity and of the equal rights of all members of the human family",
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren und sollen einander im Geiste begegnen",
        "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności, które nie może być, ale ktoś moze",
        "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv, nebo podle toho, když mezi nimi",
        "Todos os seres humanos nascem livres e iguais em dignidade e em direitos, dotados de razão",
        "Sva ljudska bića rađaju se slobodna i jednaka, ako su pri tome, ali sa njima može biti kao",
    ],
)
def test_languages_that_are_read_are_none_of_them(text: str) -> None:
    assert find_partly_read([text, text]) is None


def test_a_page_in_vietnamese_says_so_and_one_in_english_does_not() -> None:
    page = [line(text, unknown="ịắệưỡứọờềợố") for text in VIETNAMESE]
    assert find_unknown_letters(page) == UnknownLetters("vie", "Vietnamese", is_most=True)
    assert find_unknown_letters([line(text) for text in ENGLISH * 3]) is None
    assert find_unknown_letters([]) is None


def test_some_lines_of_a_page_in_english_say_so_too() -> None:
    page = [*map(line, ENGLISH * 6), *[line(text, unknown="ịắệưỡứọờềợố") for text in VIETNAMESE]]
    assert find_unknown_letters(page) == UnknownLetters("vie", "Vietnamese", is_most=False)


def test_a_language_that_is_not_told_says_so_by_what_is_missing() -> None:
    page = [line("zaqqa qobaq qarqi kaqto qeqqu", unknown="q") for _ in range(4)]
    assert find_unknown_letters(page) == UnknownLetters(None, None, is_most=True)


def test_vietnamese_in_plain_letters_lacks_none() -> None:
    plain = "khong ai duoc quyen cua nguoi khac trong cac viec nhung cung phai theo"
    assert find_unknown_letters([line(plain)] * 3) is None
