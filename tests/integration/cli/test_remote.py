"""Documents that lie elsewhere, on the command line: a bucket's are read, and what may not be fetched is told."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.processes.running import Ran, folio
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = needs_tools

ONE = make_pdf(PdfPage(content=text("Larkfield and Oakham")))


@pytest.fixture
def bucket(moto_s3: "S3Client") -> str:
    moto_s3.create_bucket(Bucket="folio-desk")
    moto_s3.put_object(Bucket="folio-desk", Key="letters/a b.pdf", Body=ONE)
    return str(moto_s3.meta.endpoint_url)


def run(*arguments: str, cwd: Path, endpoint: str = "", **settings: str) -> Ran:
    settings |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    ran = folio(*arguments, cwd=cwd, timeout=120.0, **{"AWS_ENDPOINT_URL": endpoint, **settings})
    assert "Traceback" not in ran.err
    return ran


@pytest.mark.slow("several processes of folio")
def test_a_document_in_a_bucket_is_read_and_its_result_lies_here(bucket: str, tmp_path: Path) -> None:
    address = "s3://folio-desk/letters/a b.pdf"
    ran = run("read", address, "--text", cwd=tmp_path, endpoint=bucket)
    assert (ran.code, ran.out.strip()) == (0, "Larkfield and Oakham")
    assert [path.name for path in tmp_path.iterdir()] == ["a b.pdf.ocr.json"]
    assert "already" in run("read", address, cwd=tmp_path, endpoint=bucket).err
    converted = run("text", address, "a.txt", cwd=tmp_path, endpoint=bucket)
    assert converted.code == 0
    assert (tmp_path / "a.txt").read_text().strip() == "Larkfield and Oakham"
    too_large = run("read", address, cwd=tmp_path, endpoint=bucket, FOLIO_MAX_BYTES="100")
    assert (too_large.code, "TooLarge" in too_large.err or "bytes" in too_large.err) == (65, True)
    missing = run("read", "s3://folio-desk/nothing.pdf", cwd=tmp_path, endpoint=bucket)
    assert (missing.code, "There is no object" in missing.err) == (66, True)


@pytest.mark.parametrize(
    ("name", "says", "code"),
    [
        ("https://127.0.0.1/x.pdf", "no server of the public network", 2),
        ("http://169.254.169.254/latest/meta-data", "no server of the public network", 2),
        ("https://user:secret@example.org/x.pdf", "with a password in it", 2),
        ("s3://folio-desk", "write s3://bucket/key", 2),
    ],
)
def test_what_may_not_be_fetched_is_told_in_a_sentence(name: str, says: str, code: int, tmp_path: Path) -> None:
    ran = run("read", name, cwd=tmp_path)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err
    assert "secret" not in ran.err
    assert len(ran.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_addresses_and_files_together_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(ONE)
    assert "give one with -o" in run("read", "a.pdf", "https://example.org/b.pdf", cwd=tmp_path).err
