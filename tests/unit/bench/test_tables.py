"""What a run says in the end."""

from pathlib import Path

import pytest

from folio.bench import tables, truth
from folio.bench.baselines import BARE
from folio.bench.readers import Contender, Read, contenders
from folio.bench.run import Row, recorded, score
from folio.errors import BadOption, SourceGone
from folio.models import decode


def row(
    reader: str, recall: float, name: str = "a", folder: str = "letters", wall: float = 2.0, precision: float = 1.0
) -> Row:
    return Row(
        set=folder,
        id=name,
        reader=reader,
        recall=recall,
        precision=precision,
        cer=None,
        wer=None,
        boxes=0.5,
        cpu=wall / 2,
        counts=(round(100 * recall), 100, 120),
        wall=wall,
    )


ROWS = [
    row(BARE, 0.5), row("auto", 0.7, wall=3.0), row("none", 0.5), row("classic", 0.8),
    row(BARE, 0.98, "b"), row("auto", 0.96, "b", wall=3.0), row("none", 0.98, "b"), row("classic", 0.6, "b"),
]  # fmt: skip


def line(table: str, *begins: str) -> list[str]:
    start = f"| {' | '.join(begins)} |"
    found = next(line for line in table.splitlines() if line.startswith(start))
    return [cell.strip() for cell in found.strip("| ").split("|")]


def test_means_by_set_come_with_time_as_a_ratio() -> None:
    assert line(tables.by_set(ROWS), "letters", "auto")[2:] == [
        *("2", "83.0", "100.0", "83.0 / 69.2"),
        *("-", "-", "50.0", "1.50", "1.50"),
    ]


def test_all_sets_are_summed_up_where_there_are_several() -> None:
    assert "| all |" not in tables.by_set(ROWS)
    both = [*ROWS, *(row(name, 1.0, "c", "bills") for name in (BARE, "auto", "none", "classic"))]
    assert line(tables.by_set(both), "all", "classic")[2:4] == ["3", "80.0"]


def test_gains_are_told_apart_for_badly_and_well_read_documents() -> None:
    cells = line(tables.gains(ROWS), "auto")
    assert cells[1:] == ["1", "+20.0", "1", "-2.0", "-2.0 (letters/b)", "1.50", "1.50"]


def test_a_better_recipe_is_named() -> None:
    good = [row("auto", 0.7), row("none", 0.704), row(BARE, 0.9)]
    assert tables.better_elsewhere(good) == []
    assert tables.better_elsewhere([*good, row("classic", 0.8)]) == ["letters: `classic` 80.0%, `auto` 70.0%"]


def test_where_tesseract_reads_more_is_named() -> None:
    rows = [
        *(row("auto", 0.9), row("tesseract", 0.895)),
        *(row("auto", 0.9, "b"), row("tesseract", 0.92, "b")),
        *(row("auto", 0.9, "c", precision=0.9), row("tesseract", 0.9, "c")),
    ]
    assert tables.losses(rows) == ["letters/b: recall -2.0, F1 -1.1", "letters/c: recall +0.0, F1 -4.7"]


def test_what_failed_is_named_and_counts_as_nothing_read() -> None:
    one = truth.Truth(set="letters", id="x", path=Path("x.pdf"), languages="eng", text="The ferry", ordered=True)
    failed = score(one, "auto", Read(error="EngineTimeout: too slow."))
    assert (failed.recall, failed.cer, failed.wer) == (0.0, 1.0, 1.0)
    assert "- letters/x, auto: EngineTimeout: too slow." in tables.report([failed])


def test_order_is_counted_only_where_it_is_known_and_words_not_in_chinese() -> None:
    bag = truth.Truth(set="letters", id="x", path=Path("x.png"), languages="chi_sim", text="开 放", ordered=False)
    assert score(bag, "auto", Read(text="放开")).cer is None
    ordered = truth.Truth(set="letters", id="x", path=Path("x.png"), languages="chi_sim", text="开 放", ordered=True)
    assert (score(ordered, "auto", Read(text="开 放")).cer, score(ordered, "auto", Read(text="开 放")).wer) == (
        0.0,
        None,
    )


def test_rows_are_kept_as_they_come(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    assert list(recorded(iter(ROWS), target)) == ROWS
    assert [decode(line, Row) for line in target.read_bytes().splitlines()] == ROWS


def index(folder: Path, *lines: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "a.png").touch()
    (folder / truth.INDEX).write_text("\n".join(lines), "utf-8")
    return folder


def test_sets_are_found_with_their_truth(tmp_path: Path) -> None:
    index(tmp_path / "books", '{"file": "a.png", "text": "One", "words": [{"box": [1, 2, 3, 4], "text": "One"}]}')
    index(tmp_path / "bills", '{"file": "a.png", "id": "7", "text": "二", "lang": "chi_sim", "fields": {}}')
    bill, book = truth.load(tmp_path)
    assert (bill.set, bill.id, bill.languages, bill.ordered, bill.by_character) == (
        "bills",
        "7",
        "chi_sim",
        False,
        True,
    )
    assert (book.set, book.id, book.languages, book.ordered, book.by_character) == (
        "books",
        "a.png",
        "eng",
        True,
        False,
    )
    assert book.words == (truth.TruthWord((1, 2, 3, 4), "One"),)
    assert truth.load(tmp_path / "books") == [book]


def test_a_sample_takes_of_each_set(tmp_path: Path) -> None:
    lines = [f'{{"file": "a.png", "id": "{number}", "text": ""}}' for number in range(5)]
    for name in ("books", "bills"):
        index(tmp_path / name, *lines)
    kept = truth.sampled(truth.load(tmp_path), 3)
    assert [(one.set, one.id) for one in kept] == [("bills", "0"), ("bills", "3"), ("books", "0"), ("books", "3")]


def test_an_index_that_does_not_fit_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceGone, match=r"no index\.jsonl"):
        truth.load(tmp_path)
    index(tmp_path / "one", '{"file": "a.png", "text": ""}', '{"file": 3}')
    with pytest.raises(BadOption, match="Line 2 of one/"):
        truth.load(tmp_path / "one")
    index(tmp_path / "two", '{"file": "b.png", "text": ""}')
    with pytest.raises(SourceGone, match=r"b\.png"):
        truth.load(tmp_path / "two")


def test_everybody_who_reads_is_named() -> None:
    names = [who.name for who in contenders(["auto", "none"], ["tesseract"], ["bare", "textbook"], {})]
    assert names == ["bare", "textbook", "auto", "none"]
    (paid,) = contenders(["auto"], ["baidu"], ["none"], {"mode": "accurate"})
    assert paid == Contender("baidu", (("mode", "accurate"), ("recipe", "auto"), ("providers", "baidu")))


@pytest.mark.parametrize(("recipe", "provider", "baseline"), [("x", "tesseract", "bare"), ("auto", "x", "bare")])
def test_a_mistyped_reader_is_told_before_anything_is_read(recipe: str, provider: str, baseline: str) -> None:
    with pytest.raises(BadOption):
        contenders([recipe], [provider], [baseline], {})
    with pytest.raises(BadOption, match="baseline"):
        contenders(["auto"], ["tesseract"], ["best"], {})
