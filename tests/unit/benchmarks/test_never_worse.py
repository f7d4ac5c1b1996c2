"""What the comparison of two providers calls worse."""

from folio.bench.run import Row
from tests.benchmarks.never_worse import losses


def row(document: str, reader: str, recall: float, precision: float) -> Row:
    return Row(
        set="pages",
        id=document,
        reader=reader,
        recall=recall,
        precision=precision,
        cer=None,
        wer=None,
        boxes=None,
        cpu=0,
        wall=0,
    )


def test_a_document_is_worse_if_either_rate_is_lower_by_more_than_a_point() -> None:
    rows = [
        *(row("better", "mine", 0.9, 0.9), row("better", "theirs", 0.5, 0.9)),
        *(row("close", "mine", 0.895, 0.9), row("close", "theirs", 0.9, 0.9)),
        *(row("fewer", "mine", 0.75, 1.0), row("fewer", "theirs", 1.0, 0.5)),
        *(row("wrong", "mine", 1.0, 0.5), row("wrong", "theirs", 0.5, 1.0)),
        row("read once", "mine", 0.1, 0.1),
    ]
    assert losses(rows, "mine", "theirs") == {("pages", "fewer"): (0.25, -0.5), ("pages", "wrong"): (-0.5, 0.5)}
