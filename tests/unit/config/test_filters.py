"""Which keys of which bucket are documents."""

import pytest

from folio.config.filters import is_document
from folio.config.settings import Settings
from folio.errors import BadOption
from folio.ops.stack import Sources
from folio.options.settings import with_setting

FILTERS = "scans=in/*.pdf,scans=in/*.tif,faxes=*.tif"


@pytest.mark.parametrize(
    ("bucket", "key", "expected"),
    [
        ("scans", "in/a.pdf", True),
        ("scans", "in/b/a\n.tif", True),
        ("scans", "out/a.pdf", False),
        ("scans", "in/a.pdf.bak", False),
        ("faxes", "in/a.pdf", False),
        ("faxes", "a.tif", True),
        ("mail", "anything", True),
    ],
)
def test_each_bucket_has_patterns_of_its_own(bucket: str, key: str, expected: bool) -> None:
    assert is_document(FILTERS, bucket, key) is expected
    assert Sources(buckets=("scans",), filters=FILTERS).takes(bucket, key) is expected


def test_nothing_in_a_pattern_but_the_asterisk_is_special() -> None:
    assert not is_document("scans=a.pdf", "scans", "axpdf")
    assert is_document("scans=[a]?.pdf", "scans", "[a]?.pdf")


def test_jobs_of_the_api_pass_any_filter() -> None:
    assert Sources(buckets=("scans",), filters="scans=*.pdf").takes("scans", "folio-jobs/a/b/c.png")


@pytest.mark.parametrize("text", ["scans", "scans=", "=a", "Scans=*", "scans=a,,faxes=b", "scans=a b"])
def test_what_names_nothing_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadOption, match=r"scans=in/\*\.pdf"):
        with_setting(Settings(), "source_filters", text)
