"""Content streams are told apart into operators, whatever stands in their strings and pictures."""

import pytest

from folio.outputs.pdf.content_stream import Operation, Unreadable, operations


def names(data: bytes) -> list[bytes]:
    return [operation.name for operation in operations(data)]


def test_operands_belong_to_the_operator_behind_them() -> None:
    data = b"q 1 0 0 1 -5 +.5 cm\n/F1 12.Tf [(a) -120 (b)]TJ true Q"
    assert list(operations(b"q 1 0 0 1 -5 +.5 cm")) == [
        Operation(b"q", [], 0, 1),
        Operation(b"cm", [b"1", b"0", b"0", b"1", b"-5", b"+.5"], 2, 19),
    ]
    assert names(data.replace(b"12.", b"12. ")) == [b"q", b"cm", b"Tf", b"TJ", b"Q"]


@pytest.mark.parametrize(
    "string", [b"(a) ", b"(a (b) Tj c)", rb"(a \) Tj)", b"<41 42>", b"(\\\\)", b"(% Tj)", b"(line\nTj)"]
)
def test_no_operator_is_found_in_a_string(string: bytes) -> None:
    assert names(b"BT " + string + b"Tj % (comment Tj\nET") == [b"BT", b"Tj", b"ET"]


def test_dictionaries_and_arrays_are_operands() -> None:
    (mark, *_) = operations(b"/Span <</A [1 (>>) /B] /C <</D 1>>>> BDC EMC")
    assert (mark.name, mark.operands) == (b"BDC", [b"/Span", b"<</A [1 (>>) /B] /C <</D 1>>>>"])


@pytest.mark.parametrize("pixels", [b"\x00\x01", b" EI\x80 ( <<", b"EI", b"\nEI\xff\xfe"])
def test_pixels_of_an_inline_image_are_no_operators(pixels: bytes) -> None:
    assert names(b"q BI /W 2 /H 1 ID " + pixels + b"\nEI Q\nBT ET") == [b"q", b"EI", b"Q", b"BT", b"ET"]


@pytest.mark.parametrize("data", [b"(a Tj", b"[1 2 TJ", b"] q", b"BI /W 1 ID abc", b"<4z> Tj", b"1 } q", b">> q"])
def test_what_follows_no_rules_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        names(data)


def test_numbers_are_the_last_operands() -> None:
    (operation,) = operations(b"/X 1 2 3 4 re")
    assert operation.numbers(4) == [1, 2, 3, 4]
    with pytest.raises(Unreadable):
        operation.numbers(5)
    with pytest.raises(Unreadable):
        operation.numbers(6)
