"""`folio worker`: several side by side, on an S3 of another make than moto, one of them killed."""

import io
import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import Struct, field
from PIL import Image

from folio import keys
from tests.support.aws.other_s3 import KEYS, OtherS3, other_s3
from tests.support.processes.running import FOLIO, environment, leaving_nothing, stop_tree, wait_until
from tests.support.processes.workers import documents, listed, put_all, read_by, results, text_of
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = needs_tools

DOCUMENTS = size(40, full=500)
WORKERS = 4
LEASE = 6


@pytest.fixture(scope="module")
def aws() -> Iterator[OtherS3]:
    with other_s3() as server:
        yield server


@pytest.fixture
def bucket(aws: OtherS3) -> str:
    name = f"documents-{uuid4().hex[:12]}"
    aws.s3.create_bucket(Bucket=name)
    return name


class Running(Struct):
    """A worker, with what it has written so far."""

    process: "subprocess.Popen[bytes]"
    log: Path
    killed: bool = field(default=False)

    def read(self) -> Counter[str]:
        return read_by(self.log.read_text())


@contextmanager
def worker(aws: OtherS3, folder: Path, *arguments: str, **more: str) -> Iterator[Running]:
    """A worker until the end of the block, when it must end, or have ended, in order and leave nothing."""
    log, scratch = (
        folder / f"{uuid4().hex}.log",
        folder / f"{uuid4().hex}-{'scratch' * 12}",
    )  # longer than a socket's name
    scratch.mkdir()
    settings = {"AWS_ENDPOINT_URL_SQS": aws.endpoint, "TMPDIR": str(scratch), **KEYS, **more}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*FOLIO, "worker", *arguments, "--endpoint", aws.endpoint, "--jobs", "1", "--lease", str(LEASE)],
            env=environment(**settings),
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    running = Running(process, log)
    with leaving_nothing(process):
        yield running
        if not running.killed:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, log.read_text()
            scratch.rmdir()  # nothing is in it
    assert "Traceback" not in log.read_text(), log.read_text()


def kill(running: Running) -> None:
    """As when the machine goes: the worker and all below it at once, without a word."""
    running.killed = True
    stop_tree(running.process.pid)
    running.process.wait()


def read_by_several(
    aws: OtherS3,
    bucket: str,
    folder: Path,
    source: tuple[str, ...],
    count: int,
    is_done: Callable[[], bool] = lambda: True,
) -> list[Running]:
    """Have the documents read by WORKERS workers, of which one is killed in the middle, until all have a result."""
    with ExitStack() as stack:

        def read(least: int) -> bool:
            assert not [one for one in running if one.process.poll() is not None and not one.killed]
            return len(results(aws.s3, bucket)) >= least

        running = [stack.enter_context(worker(aws, folder, *source)) for _ in range(WORKERS)]
        wait_until(lambda: read(count // 8) and bool(running[0].read()), 240)
        kill(running[0])
        wait_until(lambda: read(count), size(240, full=1500))
        wait_until(lambda: not [key for key in listed(aws.s3, bucket) if key.endswith(keys.CLAIM)], 60)
        wait_until(is_done, 60)
    return running


def check(aws: OtherS3, bucket: str, files: dict[str, bytes], workers: list[Running]) -> None:
    """Each document was read once, none was lost, and nothing else is left."""
    assert results(aws.s3, bucket) == {key: text_of(key) for key in files}
    read = sum((one.read() for one in workers), Counter[str]())
    assert set(read.values()) == {1}
    assert len(set(files) - set(read)) <= 1, "the killed one may have written a result it could not tell of"
    assert len([one for one in workers if one.read()]) == WORKERS, "all took part"
    assert sorted(listed(aws.s3, bucket)) == sorted([*files, *map(keys.result_key, files)])


@pytest.mark.soak
@pytest.mark.slow("four workers that import the handlers")
@pytest.mark.timeout(1800)
def test_documents_of_a_bucket_are_read_once_by_four_workers_of_which_one_is_killed(
    aws: OtherS3, bucket: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    files = documents(DOCUMENTS)
    put_all(aws.s3, bucket, files)
    began = time.monotonic()
    workers = read_by_several(aws, bucket, tmp_path, (f"s3://{bucket}/in/",), len(files))
    tell(f"{len(files)} documents in {time.monotonic() - began:.0f} s: {[one.read().total() for one in workers]}")
    check(aws, bucket, files, workers)


@pytest.mark.soak
@pytest.mark.slow("four workers that import the handlers")
@pytest.mark.timeout(1800)
def test_documents_of_a_queue_are_read_once_by_four_workers_of_which_one_is_killed(
    aws: OtherS3, bucket: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    files = documents(DOCUMENTS)
    put_all(aws.s3, bucket, files)
    queue = aws.sqs.create_queue(QueueName=bucket)["QueueUrl"]
    for key in files:
        aws.sqs.send_message(QueueUrl=queue, MessageBody=notification(bucket, key))

    def is_empty() -> bool:
        """Whether other workers had the message too of what the killed one had read, but not told of."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = aws.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]  # type: ignore[arg-type]
        return [counts[name] for name in names] == ["0", "0"]  # type: ignore[index]

    workers = read_by_several(aws, bucket, tmp_path, ("--queue", queue), len(files), is_empty)
    tell(f"{len(files)} documents: {[one.read().total() for one in workers]}")
    check(aws, bucket, files, workers)


def notification(bucket: str, key: str) -> str:
    """What MinIO and S3 send."""
    record = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}}
    return json.dumps({"Records": [record]})


@pytest.mark.slow("a worker that imports the handlers")
def test_a_worker_that_is_stopped_puts_back_what_it_reads_and_the_next_takes_it_at_once(
    aws: OtherS3, bucket: str, tmp_path: Path
) -> None:
    file = io.BytesIO()
    pages = [Image.effect_noise((2400, 3200), 60) for _ in range(6)]
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    aws.s3.put_object(Bucket=bucket, Key="long.tiff", Body=file.getvalue())
    with worker(aws, tmp_path, f"s3://{bucket}/", "--grace", "0") as first:
        wait_until(lambda: keys.claim("long.tiff") in listed(aws.s3, bucket))
        first.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        first.process.wait(60)
        assert time.monotonic() - began < 30
    assert "Stopped. What was not read to its end is put back." in first.log.read_text()
    assert not [key for key in listed(aws.s3, bucket) if key.endswith(keys.CLAIM)], "anybody may have it at once"
    assert keys.result_key("long.tiff") not in listed(aws.s3, bucket)


@pytest.mark.slow("a worker that imports the handlers")
def test_a_worker_ends_by_itself_when_all_is_done(aws: OtherS3, bucket: str, tmp_path: Path) -> None:
    files = documents(3) | {"in/bad.pdf": b"\x00no document at all", "in/folder/": b""}
    put_all(aws.s3, bucket, files)
    with worker(aws, tmp_path, f"s3://{bucket}/", "--until-done") as running:
        assert running.process.wait(120) == 0
    assert set(results(aws.s3, bucket)) == {key for key in files if key[3].isdigit()}
    assert keys.error_key("in/bad.pdf") in listed(aws.s3, bucket)
    assert not [key for key in listed(aws.s3, bucket) if key.endswith(keys.CLAIM)]


@pytest.mark.slow("a worker that imports the handlers")
def test_results_may_lie_in_another_bucket(aws: OtherS3, bucket: str, tmp_path: Path) -> None:
    files = documents(3)
    put_all(aws.s3, bucket, files)
    aws.s3.create_bucket(Bucket=f"{bucket}-results")
    for _ in range(2):  # of which the second finds all done
        with worker(
            aws, tmp_path, f"s3://{bucket}/in/", "--until-done", FOLIO_RESULTS=f"s3://{bucket}-results/"
        ) as running:
            assert running.process.wait(120) == 0
    assert listed(aws.s3, bucket) == sorted(files)
    assert listed(aws.s3, f"{bucket}-results") == sorted(f"{bucket}/{keys.result_key(key)}" for key in files)
    assert running.read() == {}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name either a bucket"),
        (("s3://a/", "--queue", "http://127.0.0.1:9/q"), "Name either a bucket"),
        (("file:///tmp",), "is not an address in S3"),
        (("s3://no-such-bucket-anywhere/",), "NoSuchBucket"),
    ],
)
@pytest.mark.slow("a process each")
def test_what_cannot_be_worked_on_is_told_in_a_sentence(
    aws: OtherS3, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = subprocess.run(
        [*FOLIO, "worker", *arguments, "--endpoint", aws.endpoint],
        env=environment(**KEYS),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode not in (0, 1)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
