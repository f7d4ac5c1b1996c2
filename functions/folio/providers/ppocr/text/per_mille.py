"""The sign per mille, which the recognizer reads as a percent sign with an o or a zero after it."""

from collections.abc import Sequence

from msgspec.structs import replace

from folio.providers.ppocr.onnx.characters import Character

_LAST_RINGS = frozenset("o0")


def with_per_mille(characters: Sequence[Character]) -> list[Character]:
    """Return a line's characters, with ‰ for what is %o or %0 at the end of a number."""
    joined: list[Character] = []
    for index, one in enumerate(characters):
        if one.text in _LAST_RINGS and _ends_per_mille(characters, index):
            sign = joined.pop()
            probability = min(sign.probability, one.probability)
            joined.append(replace(sign, text="‰", probability=probability, right=one.right))
        else:
            joined.append(one)
    return joined


def _ends_per_mille(characters: Sequence[Character], index: int) -> bool:
    """Return whether a percent sign of a number stands before a character, and nothing of a word after it."""
    before = "".join(one.text for one in characters[max(0, index - 3) : index])
    after = characters[index + 1].text if index + 1 < len(characters) else " "
    is_percent = before.endswith("%") and before[:-1].rstrip()[-1:].isdigit()
    return is_percent and not (after.isascii() and after.isalnum()) and after != "%"
