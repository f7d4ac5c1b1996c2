"""Lines are read by the quick recognizer first, long ones narrowed, and again as they are where that is not clear."""

import shutil
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.language.languages import allowed_classes
from folio.providers.ppocr.language.lexicon import lexicon
from folio.providers.ppocr.onnx.characters import Character, decoded, mean_probability
from folio.providers.ppocr.onnx.networks import Networks, find_models, find_quick_models
from folio.providers.ppocr.onnx.recognizer import Recognizer
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.recognition import HEIGHT_PX, Recognition, recognize
from folio.providers.ppocr.text.shortcuts import shortcuts
from tests.support.documents.cards import font
from tests.support.documents.drawings import draw

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

pytestmark = pytest.mark.slow("loads the networks")

type Shown = list[tuple[Recognizer, int]]


@pytest.fixture(scope="module")
def networks() -> Networks:
    """Without the quick one."""
    return Networks(find_models())


@pytest.fixture(scope="module")
def all_networks() -> Networks:
    found = Networks(find_models(), find_quick_models())
    assert found.quick_recognizer, "make setup lays it beside the packages"
    return found


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The networks that were shown a line, and how wide it was."""
    shown: Shown = []
    features = Recognizer.features

    def recorded(recognizer: Recognizer, line: Grey) -> "Floats":
        shown.append((recognizer, line.shape[1]))
        return features(recognizer, line)

    monkeypatch.setattr(Recognizer, "features", recorded)
    return shown


def text(characters: list[Character]) -> str:
    return "".join(one.text for one in characters)


def noise(width: int, seed: int = 2) -> Crop:
    return Crop(np.random.default_rng(seed).integers(0, 256, (60, width), np.uint8), line("", width).corners)


def line(text: str, width: int) -> Crop:
    drawn = np.asarray(draw(text, size=(width, 60), height=34, at=(10, 10)).image.convert("L"))
    corners = np.array([[0, 0], [width, 0], [width, 60], [0, 60]], np.float32)
    return Crop(drawn, corners)


def test_a_clear_long_line_is_read_once_and_narrowed(networks: Networks, shown: Shown) -> None:
    long = line("the quick brown fox jumps over it", 640)
    characters = recognize(long, networks, None)
    assert text(characters) == "the quick brown fox jumps over it"
    ((recognizer, width),) = shown
    assert recognizer is networks.rough_recognizer
    assert width < 0.85 * HEIGHT_PX * 640 / 60
    # Where they stand is told in the crop's pixels all the same.
    assert characters[-1].center == pytest.approx(np.flatnonzero((long.image < 128).any(0))[-1], abs=30)


def test_an_unclear_one_is_read_at_its_own_width_too_and_a_short_one_only_so(networks: Networks, shown: Shown) -> None:
    assert mean_probability(recognize(noise(640), networks, None)) < 0.95
    recognize(line("Amount", 240), networks, None)
    rough = networks.rough_recognizer
    assert [one for one, _ in shown] == [rough, networks.recognizer, rough]
    assert [width >= HEIGHT_PX * 640 / 60 for _, width in shown[:2]] == [False, True]
    assert shown[2][1] == HEIGHT_PX * 4


def test_a_short_line_that_is_not_clear_in_whole_numbers_is_read_exactly(networks: Networks, shown: Shown) -> None:
    recognize(noise(240), networks, None)
    views = dict.fromkeys((networks.rough_recognizer, networks.recognizer))  # one, where these are the same
    assert shown == [(one, HEIGHT_PX * 4) for one in views]


def test_a_line_is_shown_to_the_network_once_for_whatever_classes(networks: Networks, shown: Shown) -> None:
    recognition = Recognition(line("Amount", 240), networks, shortcuts(networks))
    classes = allowed_classes(networks.characters, ("eng",))
    assert [text(recognition.characters(one)) for one in (None, classes)] == ["Amount", "Amount"]
    assert len(shown) == 1


def test_a_line_that_is_no_good_reading_in_its_script_is_read_for_others_by_what_saw_it_last(
    networks: Networks, shown: Shown
) -> None:
    recognition = Recognition(noise(240), networks, shortcuts(networks))
    recognition.characters(allowed_classes(networks.characters, ("eng",)))
    seen = len(shown)
    recognition.exact(None)
    assert seen == len(shown) > 0


def test_where_lines_are_unclear_when_narrowed_they_are_not_narrowed_any_more(networks: Networks, shown: Shown) -> None:
    page = shortcuts(networks)
    for _ in range(18):
        Recognition(noise(640), networks, page).characters(None)
    assert len(shown) == 4 * 2 + 14  # of sixteen no more than three may be


@pytest.mark.parametrize("classes", [None, ("eng",), ("jpn", "eng")], ids=["all", "English", "Japanese"])
def test_a_clear_line_is_read_by_the_quick_network_alone(
    all_networks: Networks, shown: Shown, classes: tuple[str, ...] | None
) -> None:
    allowed = allowed_classes(all_networks.characters, classes) if classes else None
    recognition = Recognition(line("Amount due: 12,345.60", 480), all_networks, shortcuts(all_networks))
    assert text(recognition.characters(allowed)) == "Amount due: 12,345.60"
    assert [one for one, _ in shown] == [all_networks.quick_recognizer]


def test_of_a_long_line_only_the_word_that_is_not_clear_is_read_again(all_networks: Networks, shown: Shown) -> None:
    clear = line("This agreement is between buyer and the seller of it", 1000)
    smeared = clear.image.copy()
    smeared[:, 340:420] = cv2.blur(smeared[:, 340:420], (9, 9))
    classes = allowed_classes(all_networks.characters, ("eng",))
    assert classes is not None
    recognition = Recognition(Crop(smeared, clear.corners), all_networks, shortcuts(all_networks))
    characters = recognition.characters(classes)
    assert text(characters) == "This agreement is between buyer and the seller of it"
    (quick, width), *others = shown
    assert quick is all_networks.quick_recognizer
    assert others
    assert sum(one for _, one in others) < 0.6 * width
    # They stand where they stood before, and are told by the network that read them last.
    assert [one.left for one in characters] == sorted(one.left for one in characters)
    answer, alphabet = recognition.answer(characters[18].left, characters[24].right, classes)
    assert text(decoded(answer, alphabet, None, 8.0)).strip() == "between"


def test_a_word_of_the_language_that_is_not_clear_is_not_read_again(all_networks: Networks, shown: Shown) -> None:
    clear = line("This agreement is between buyer and the seller of it", 1000)
    smeared = clear.image.copy()
    smeared[:, 340:420] = cv2.blur(smeared[:, 340:420], (9, 9))
    recognition = Recognition(Crop(smeared, clear.corners), all_networks, shortcuts(all_networks))
    classes = allowed_classes(all_networks.characters, ("eng",))
    assert (
        text(recognition.characters(classes, lexicon("eng"))) == "This agreement is between buyer and the seller of it"
    )
    assert [one for one, _ in shown] == [all_networks.quick_recognizer]
    recognition.characters(classes)
    assert len(shown) > 1


@pytest.mark.skipif(not shutil.which("fc-match"), reason="fontconfig is not installed")
def test_of_a_chinese_line_only_the_character_that_is_not_clear_is_read_again_with_those_beside_it(
    all_networks: Networks, shown: Shown
) -> None:
    clear = "公司董事会及全体董事保证本公告内容不存在任何虚假记载"
    image = Image.new("L", (960, 60), 255)
    ImageDraw.Draw(image).text((10, 12), clear, 0, font(34))
    smeared = np.asarray(image).copy()
    smeared[:, 330:370] = cv2.blur(smeared[:, 330:370], (9, 9))
    corners = np.array([[0, 0], [960, 0], [960, 60], [0, 60]], np.float32)
    characters = Recognition(Crop(smeared, corners), all_networks, shortcuts(all_networks)).characters(None)
    assert text(characters) == clear
    (quick, width), *others = shown
    assert quick is all_networks.quick_recognizer
    assert 0 < sum(one for _, one in others) < 0.4 * width


def test_what_it_does_not_have_is_read_by_the_others(all_networks: Networks, shown: Shown) -> None:
    # With cedillas, for which it takes Romanian's letters with commas too.
    recognize(line("şase ţări", 300), all_networks, None)
    assert shown[0][0] == all_networks.quick_recognizer
    assert {one for one, _ in shown[1:]} <= {all_networks.rough_recognizer, all_networks.recognizer}
    assert len(shown) > 1


def test_on_a_page_that_is_not_clear_to_it_the_quick_network_is_given_up_and_what_it_read_is_read_again(
    all_networks: Networks, shown: Shown
) -> None:
    page = shortcuts(all_networks)
    before = Recognition(line("Amount", 240), all_networks, page)
    assert text(before.characters(None)) == "Amount"
    assert before.stands
    page[1].count([Character("a", 0.9, 0, 1)] * 20 + [Character("a", 0.99, 0, 1)] * 380)
    assert not before.stands
    assert text(before.characters(None)) == "Amount"
    assert before.stands
    after = Recognition(line("Total", 240), all_networks, page)
    assert text(after.characters(None)) == "Total"
    assert [one for one, _ in shown] == [all_networks.quick_recognizer, *[all_networks.rough_recognizer] * 2]
    assert page[0].trials.pay(), "of long lines nothing is said"


def test_a_guess_tells_nothing_of_whether_the_quick_network_is_given_up(all_networks: Networks) -> None:
    for is_guess in (True, False):
        page = shortcuts(all_networks)
        for seed in range(20):
            Recognition(noise(240, seed), all_networks, page, is_guess=is_guess).characters(None)
        assert page[1].trials.pay() == is_guess


def test_a_page_on_which_three_characters_in_a_hundred_are_unclear_to_it_is_still_read_by_it(
    all_networks: Networks,
) -> None:
    page = shortcuts(all_networks)
    page[0].count([Character("a", 0.9, 0, 1)] * 15 + [Character("a", 0.99, 0, 1)] * 485)
    assert page[0].trials.pay()


def test_the_answer_of_the_network_that_read_a_line_is_of_its_own_characters(all_networks: Networks) -> None:
    classes = allowed_classes(all_networks.characters, ("deu",))
    assert classes is not None
    recognition = Recognition(line("Street", 200), all_networks, shortcuts(all_networks))
    assert text(recognition.characters(classes)) == "Street"
    answer, alphabet = recognition.answer(0, 200, classes)
    assert answer.shape[1] == len(alphabet) < len(classes)  # without what only the exact one has
    assert answer.sum(1) == pytest.approx(1.0, abs=1e-4)
    assert {alphabet[index] for index in answer.argmax(1)} == {"", *"Street"}
