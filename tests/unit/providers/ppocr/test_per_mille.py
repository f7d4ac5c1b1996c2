"""The sign per mille among what was read."""

import pytest

from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.per_mille import with_per_mille


def read(text: str) -> list[Character]:
    return [Character(one, 0.9 if one == "o" else 0.99, 10.0 * at, 10.0 * at + 8) for at, one in enumerate(text)]


def text(written: str) -> str:
    return "".join(one.text for one in with_per_mille(read(written)))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Slope 12 %o, salinity 35%0", "Slope 12 ‰, salinity 35‰"),
        ("税率0.3%o的", "税率0.3‰的"),
        ("2%o。", "2‰。"),
    ],
)
def test_a_percent_sign_with_a_third_ring_after_a_number_is_per_mille(written: str, right: str) -> None:
    assert text(written) == right


@pytest.mark.parametrize("written", ["10%off", "5%。", "a=%0", "7%0A", "50% of", "100% o", "%o"])
def test_other_percent_signs_stay(written: str) -> None:
    assert text(written) == written


def test_the_sign_stands_where_both_were_and_is_as_sure_as_the_less_sure_one() -> None:
    sign = with_per_mille(read("3%o"))[1]
    assert (sign.text, sign.left, sign.right, sign.probability) == ("‰", 10.0, 28.0, 0.9)
