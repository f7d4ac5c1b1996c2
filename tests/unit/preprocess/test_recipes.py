"""What every step of preparation keeps to, and the recipes made of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from folio.documents.raster.pixels import Grey
from folio.options.table import values
from folio.preprocess.recipes import NEURAL_RECIPES, RECIPES, prepare
from folio.preprocess.scale import BEST_TEXT_PX, MIN_TEXT_PX
from folio.preprocess.step import Step, StepResult
from folio.transform import Transform
from tests.benchmarks.harms import framed, salted, skewed
from tests.support.documents.sheets import PAPER, STEPS, images, lines_of_text, page_of, paper, print_of

SHAPES = [(1, 1), (1, 2), (2, 1), (3, 3), (7, 9), (1, 3000), (3000, 1), (2, 900), (65, 64), (9, 4001), (511, 7)]


@pytest.mark.parametrize("step", STEPS)
@given(image=images)
@settings(max_examples=40)
def test_a_step_leaves_its_input_alone_and_gives_a_grey_image(step: Callable[[Grey], StepResult], image: Grey) -> None:
    before = image.copy()
    outcome = step(image)
    assert np.array_equal(image, before)
    assert outcome.image.dtype == np.uint8
    assert outcome.image.ndim == 2


@pytest.mark.parametrize("step", STEPS)
@given(image=images)
@settings(max_examples=40)
def test_the_way_back_leads_from_middle_to_middle(step: Callable[[Grey], StepResult], image: Grey) -> None:
    outcome = step(image)
    (new_height, new_width), (height, width) = outcome.image.shape, image.shape
    assert outcome.back.point((new_width / 2, new_height / 2)) == pytest.approx((width / 2, height / 2), abs=0.01)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_step_bears_any_shape_and_any_shade(step: Callable[[Grey], StepResult], shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(5).integers(0, 256, shape, np.uint8)
    for image in (noise, *(np.full(shape, shade, np.uint8) for shade in (0, 128, 255))):
        outcome = step(image)
        assert outcome.image.dtype == np.uint8
        assert min(outcome.image.shape) >= 1
        assert outcome.done or outcome.image is image


@pytest.mark.parametrize("step", RECIPES["auto"], ids=[step.name for step in RECIPES["auto"]])
@pytest.mark.parametrize("negative", [False, True])
def test_a_page_that_needs_nothing_is_the_same_object_still(step: Step, negative: bool) -> None:
    for image in (paper(), lines_of_text(lines=10, words=3, height=40)):
        looked_at = 255 - image if negative else image
        if negative and step.name == "invert_dark_regions" and image.min() < image.max():
            continue  # which is what it is for
        outcome = step.run(looked_at)
        assert not outcome.done
        assert outcome.image is looked_at
        assert outcome.back == Transform()


def test_a_step_has_one_name_in_all_recipes_and_no_two_steps_share_it() -> None:
    steps = {step.run: step.name for recipe in RECIPES.values() for step in recipe}
    assert all(steps[step.run] == step.name for recipe in RECIPES.values() for step in recipe)
    assert len(set(steps.values())) == len(steps)


def test_there_is_a_recipe_for_every_name_in_the_options() -> None:
    assert set(RECIPES) == set(NEURAL_RECIPES) == set(values("recipe"))


def test_a_neural_engine_gets_the_page_as_it_is_but_for_specks(tmp_path: Path) -> None:
    small = skewed(lines_of_text(height=12), 3).image
    negative = page_of((255 - small).astype(np.uint8), tmp_path)
    assert prepare(negative, "auto", tmp_path, "neural") is negative
    assert prepare(negative, "auto", tmp_path).steps != ()
    specks = prepare(page_of(salted(small, 1).image, tmp_path), "auto", tmp_path, "neural")
    assert specks.steps == ("despeckle",)


def test_without_steps_the_page_is_handed_on(tmp_path: Path) -> None:
    page = page_of(print_of(8), tmp_path)
    assert prepare(page, "none", tmp_path) is page


def test_where_no_step_has_to_do_anything_the_page_is_handed_on(tmp_path: Path) -> None:
    page = page_of(print_of(30), tmp_path)
    assert prepare(page, "auto", tmp_path) is page


def test_a_prepared_page_is_a_new_file_and_names_its_steps(tmp_path: Path) -> None:
    page = page_of(paper(), tmp_path)
    before = page.path.read_bytes()
    prepared = prepare(page, "classic", tmp_path)
    assert prepared.steps == ("denoise", "binarize")
    assert prepared.path != page.path
    assert prepared.path.read_bytes().startswith(b"P5")
    assert page.path.read_bytes() == before


def test_an_enlarged_page_keeps_its_measures_and_knows_the_way_to_the_source(tmp_path: Path) -> None:
    page = page_of(print_of(8, 100, 150), tmp_path, Transform((1, 0, 70, 0, 1, 30, 0, 0, 1)), dpi=150)
    prepared = prepare(page, "auto", tmp_path)
    factor = BEST_TEXT_PX / 8
    assert prepared.steps == ("normalize_text_height",)
    assert prepared.dpi == 150
    assert prepared.to_page.point((150 * factor, 100 * factor)) == pytest.approx((150 + 70, 100 + 30))
    assert (prepared.width, prepared.height) == (page.width, page.height)


def test_a_step_that_has_a_number_notes_it(tmp_path: Path) -> None:
    askew = skewed(lines_of_text(height=40, words=3, lines=10), 4)
    prepared = prepare(page_of(askew.image, tmp_path), "auto", tmp_path)
    assert len(prepared.steps) == 1
    name, degrees, unit = prepared.steps[0].split()
    assert (name, unit) == ("deskew", "degrees")
    assert float(degrees) == pytest.approx(4, abs=0.2)


def test_several_steps_are_named_in_their_order_and_lead_back_together(tmp_path: Path) -> None:
    harmed = skewed(lines_of_text(height=16), 3)
    salt = salted(harmed.image, 1)
    frame = framed(salt.image)
    prepared = prepare(page_of(frame.image, tmp_path), "auto", tmp_path)
    assert [step.split()[0] for step in prepared.steps] == [
        "rectify_perspective",
        "despeckle",
        "deskew",
        "normalize_text_height",
    ]
    whole = harmed.there.then(frame.there).then(prepared.to_page.inverse())
    (x, y), (right, along) = whole.point((100, 500)), whole.point((700, 500))
    assert along == pytest.approx(y, abs=0.003 * (right - x)), "what was level is level again"
    assert right - x == pytest.approx(600 * BEST_TEXT_PX / 12, rel=0.4), "and enlarged"
    assert MIN_TEXT_PX > 12
    assert float(np.median(frame.image)) == PAPER
