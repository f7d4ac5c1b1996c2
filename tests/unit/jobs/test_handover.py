"""What goes with a document from a request into its job."""

from pathlib import Path

from folio import keys
from folio.jobs.handover import carry
from folio.stores.folder import FolderStore

PAGES = {"0123456789abcdef-0123456789abcdef/0000001-0000008.json": b"one", "f-f/0000009-0000009.failed.json": b"two"}


def test_saved_pages_go_along_and_none_that_the_job_has_is_replaced(tmp_path: Path) -> None:
    requests, bucket = FolderStore(tmp_path / "requests"), FolderStore(tmp_path / "bucket")
    first, second = PAGES
    for name, data in PAGES.items():
        path = tmp_path / "requests" / (keys.checkpoints("scan.pdf") + name)
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    there = tmp_path / "bucket" / (keys.checkpoints("job") + second)
    there.parent.mkdir(parents=True)
    there.write_bytes(b"of the job")
    carry(requests, "scan.pdf", "job", bucket)
    saved = {name: bucket.read(keys.checkpoints("job") + name) for name in PAGES}
    assert {name: stored and stored.data for name, stored in saved.items()} == {first: b"one", second: b"of the job"}
