import math
from datetime import UTC

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from folio.models import (
    Cost,
    Engine,
    ErrorReport,
    Field,
    Line,
    Page,
    Problem,
    Result,
    Source,
    Word,
    decode,
    encode,
    json_schema,
    now,
    weighted_mean,
)
from folio.transform import Transform

texts = st.text(max_size=12)
names = st.text(min_size=1, max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=0, allow_infinity=False)
confidences = st.none() | st.floats(0, 1)
points = st.tuples(numbers, numbers)
polygons = st.tuples(points, points, points, points)
counts = st.integers(0, 2**31)


def several[T](elements: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(elements, max_size=2).map(tuple)


words = st.builds(Word, texts, confidences, polygons)
lines = st.builds(Line, texts, confidences, polygons, several(words))
problems = st.builds(Problem, names, texts, texts)
pages = st.builds(
    Page,
    number=st.integers(1, 10**6),
    width=counts,
    height=counts,
    dpi=st.none() | numbers,
    origin=st.sampled_from(["ocr", "text-layer", "mixed", "blank"]),
    rotation=st.sampled_from([0, 90, 180, 270]),
    skew=numbers,
    steps=several(names),
    status=st.sampled_from(["ok", "failed"]),
    error=st.none() | problems,
    text=texts,
    confidence=confidences,
    lines=several(lines),
    warnings=several(texts),
)
sources = st.builds(
    Source,
    bucket=st.none() | names,
    key=names,
    version=st.none() | names,
    etag=names,
    sha256=st.none() | names,
    media_type=st.none() | names,
    bytes=st.none() | counts,
    pages=st.none() | counts,
)
engines = st.builds(Engine, provider=names, version=names, languages=several(names), mode=names, settings=names)
fields = st.builds(
    Field, name=names, value=texts, confidence=confidences, polygon=st.none() | polygons, provider_name=names
)
times = st.datetimes(timezones=st.just(UTC))
results = st.builds(
    Result,
    status=st.sampled_from(["complete", "partial"]),
    created=times,
    source=sources,
    engine=engines,
    text=texts,
    confidence=confidences,
    fields=several(fields),
    warnings=several(texts),
    timings=st.dictionaries(names, positive, max_size=2),
    cost=st.builds(Cost, counts, positive, st.none() | names),
    pages=several(pages),
)
reports = st.builds(ErrorReport, created=times, source=sources, settings=names, error=problems)
affine = st.tuples(*[st.floats(-100, 100)] * 6).map(lambda values: Transform((*values, 0.0, 0.0, 1.0)))
near = st.floats(-1000, 1000)


@given(pages)
@settings(max_examples=50)
def test_a_page_survives_the_codec(page: Page) -> None:
    assert decode(encode(page), Page) == page


@given(results)
@settings(max_examples=50)
def test_a_result_survives_the_codec_and_fits_its_schema(result: Result) -> None:
    data = encode(result)
    assert decode(data, Result) == result
    assert [error.message for error in _RESULT.iter_errors(msgspec.json.decode(data))] == []


@given(reports)
@settings(max_examples=50)
def test_an_error_report_survives_the_codec_and_fits_its_schema(report: ErrorReport) -> None:
    data = encode(report)
    assert decode(data, ErrorReport) == report
    assert [error.message for error in _REPORT.iter_errors(msgspec.json.decode(data))] == []


# Not the fixtures: Hypothesis asks for values that do not live as long as a test function's.
_RESULT = Draft202012Validator(json_schema(Result))
_REPORT = Draft202012Validator(json_schema(ErrorReport))

_PAGE = {"number": 1, "width": 10, "height": 10, "dpi": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"confidence": 1.5},
        {"number": 0},
        {"width": -1},
        {"origin": "guess"},
        {"rotation": 45},
        {"status": "blank"},
        {"lines": [{"text": "a", "confidence": None, "polygon": [[0, 0]], "words": []}]},
    ],
)
def test_codec_and_schema_refuse_the_same_pages(wrong: dict[str, object]) -> None:
    page_schema = Draft202012Validator({**json_schema(Result), "$ref": "#/$defs/Page"})
    assert page_schema.is_valid(_PAGE)
    assert not page_schema.is_valid(_PAGE | wrong)
    with pytest.raises(msgspec.ValidationError):
        decode(encode(_PAGE | wrong), Page)


def test_both_schemas_are_schemas(schema_result: Draft202012Validator, schema_error: Draft202012Validator) -> None:
    for validator in (schema_result, schema_error):
        Draft202012Validator.check_schema(validator.schema)
        assert not validator.is_valid({})


def test_text_is_written_as_utf_8_and_not_escaped() -> None:
    assert encode({"text": "发票"}) == '{"text":"发票"}'.encode()


@given(affine, affine, near, near)
def test_then_is_one_transform_after_the_other(first: Transform, second: Transform, x: float, y: float) -> None:
    assert first.then(second).point((x, y)) == pytest.approx(second.point(first.point((x, y))), rel=1e-6, abs=1e-3)


def test_then_composes_perspectives_too() -> None:
    tilt = Transform((1, 0.1, 5, 0, 1, -3, 0.001, 0.002, 1))
    shift = Transform((2, 0, 7, 0, 3, 9, 0.0005, 0, 1))
    assert tilt.then(shift).point((40, 50)) == pytest.approx(shift.point(tilt.point((40, 50))))


@given(st.floats(0.01, 100), st.floats(0.01, 100), near, near)
def test_scaling_back_undoes_scaling(across: float, down: float, x: float, y: float) -> None:
    there_and_back = Transform.scale(across, down).then(Transform.scale(1 / across, 1 / down))
    assert there_and_back.point((x, y)) == pytest.approx((x, y), abs=1e-6)


@given(st.floats(-180, 180), st.floats(0.1, 10), near, near)
def test_an_inverse_is_the_way_back(degrees: float, scale: float, x: float, y: float) -> None:
    cos, sin = scale * math.cos(math.radians(degrees)), scale * math.sin(math.radians(degrees))
    for there in (
        Transform((cos, -sin, 30, sin, cos, -40, 0, 0, 1)),
        Transform((1, 0.1, 5, 0, scale, -3, 1e-5, 2e-5, 2)),
    ):
        assert there.inverse().point(there.point((x, y))) == pytest.approx((x, y), abs=1e-3)


def test_there_is_no_way_back_from_a_line() -> None:
    with pytest.raises(ZeroDivisionError):
        Transform.scale(1, 0).inverse()


def test_a_transform_maps_every_corner_in_order() -> None:
    box = ((0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 2.0))
    assert Transform.scale(10, 5).polygon(box) == ((0, 0), (10, 0), (10, 10), (0, 10))
    assert Transform().polygon(box) == box


@given(st.lists(st.tuples(confidences, st.integers(0, 50)), max_size=8))
def test_a_mean_lies_among_the_known_confidences(given_: list[tuple[float | None, int]]) -> None:
    known = [confidence for confidence, weight in given_ if confidence is not None and weight]
    mean = weighted_mean(given_)
    if mean is None:
        assert not known
    else:
        assert min(known) - 1e-4 <= mean <= max(known) + 1e-4


def test_a_mean_counts_weights_and_leaves_out_the_unknown() -> None:
    assert weighted_mean([(1.0, 3), (0.0, 1), (None, 100)]) == 0.75
    assert weighted_mean([(None, 5)]) is None
    assert weighted_mean([]) is None


def test_now_has_a_time_zone_and_whole_seconds() -> None:
    assert now().tzinfo is UTC
    assert now().microsecond == 0
