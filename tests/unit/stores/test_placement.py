"""Where results lie: beside their documents, under a prefix, or in another bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys
from folio.errors import BadOption, Misconfigured
from folio.options.settings import load_settings
from folio.stores.placement import placement

KEY = keys.result_key("a/scan.pdf")
PLACES = ["", "results/", "s3://shared", "s3://shared/results/", "s3://scans/results"]


@pytest.mark.parametrize(
    ("results", "located"),
    [
        ("", ("scans", KEY)),
        ("results/", ("scans", f"results/{KEY}")),
        ("results", ("scans", f"results/{KEY}")),
        ("s3://shared", ("shared", f"scans/{KEY}")),
        ("s3://shared/", ("shared", f"scans/{KEY}")),
        ("s3://shared/read/2026", ("shared", f"read/2026/scans/{KEY}")),
    ],
)
def test_results_lie_where_the_setting_says(results: str, located: tuple[str, str]) -> None:
    assert placement("scans", results).locate(KEY) == located


@pytest.mark.parametrize("results", PLACES)
def test_everything_of_a_job_stays_with_its_document(results: str) -> None:
    key = keys.result_key(keys.job_key("owner", "id", "scan.pdf"))
    assert placement("scans", results).locate(key) == ("scans", key)


NAMES = st.text("ab/.", max_size=6)


DOCUMENTS = st.tuples(st.sampled_from(["scans", "faxes", "shared"]), NAMES)


@given(st.sampled_from(PLACES), DOCUMENTS, DOCUMENTS)
def test_results_of_two_documents_never_meet(results: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = (placement(bucket, results).locate(keys.result_key(key)) for bucket, key in (one, other))
    assert (first == second) == (one == other)


@given(st.sampled_from(PLACES), NAMES)
def test_what_lies_there_is_read_by_nobody(results: str, key: str) -> None:
    of_ours = [keys.result_key(key), keys.error_key(key), *(keys.output_key(key, kind) for kind in ("text", "pdf"))]
    assert all(keys.is_ours(placement("scans", results).locate(name)[1]) for name in of_ours)


@pytest.mark.parametrize("results", ["/results", "a//b", "s3://", "s3://UPPER/a", "s3://shared//a"])
def test_what_is_no_place_is_refused_as_a_setting(results: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadOption):
        placement("scans", results)
    monkeypatch.setenv("FOLIO_RESULTS", results)
    with pytest.raises(Misconfigured, match="FOLIO_RESULTS"):
        load_settings()
