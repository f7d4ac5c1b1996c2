"""`folio worker` on the command line."""

from typing import TYPE_CHECKING

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import tr
from folio.config.environment import use_environment
from folio.errors import BadOption
from folio.options.settings import load_settings

if TYPE_CHECKING:
    from folio.serve.tasks import TaskSource

GIVEN_UP = 75  # sysexits.h: EX_TEMPFAIL
_TIMEOUT = "Seconds a document may take."
_LEASE = "Seconds after which others take what a killed worker had."
_POLL = "Seconds between two listings of a bucket."
_GRACE = "Seconds to end what is being read, when stopped."


@click.command(epilog=examples("folio worker s3://my-bucket/scans/ --jobs 2"))
@click.argument("uri", metavar="[s3://BUCKET/PREFIX]", required=False)
@click.option("--queue", metavar="URL", help="Take uploads from this SQS queue instead of listing a bucket.")
@click.option("--endpoint", metavar="URL", help="Of an S3 that is not AWS's: MinIO and others.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Documents read at once. [default: one per core]")
@click.option("--timeout", type=click.FloatRange(10, 86_400), default=3600, show_default=True, help=_TIMEOUT)
@click.option("--lease", type=click.FloatRange(4, 3600), default=60, show_default=True, help=_LEASE)
@click.option("--poll", type=click.FloatRange(0.1, 3600), default=5, show_default=True, help=_POLL)
@click.option("--grace", type=click.FloatRange(0, 3600), default=8, show_default=True, help=_GRACE)
@click.option("--until-done", is_flag=True, help="End when nothing waits or is being read, by other workers either.")
def worker(
    uri: str | None,
    queue: str | None,
    endpoint: str | None,
    jobs: int | None,
    timeout: float,
    lease: float,
    poll: float,
    grace: float,
    until_done: bool,
) -> int:
    """Read documents as they come, beside any number of other workers, until it is stopped.

    They come from a queue of uploads or, where there is none, from the listing of a bucket: those below the prefix that
    have neither result nor error. Each is read by one worker, and by another if that one is killed.
    """
    from folio.serve.worker import WorkerConfig, run_worker

    if bool(uri) == bool(queue):
        raise BadOption("Name either a bucket (s3://bucket/prefix) or, with --queue, the URL of a queue.")
    if endpoint:
        use_environment({"AWS_ENDPOINT_URL_S3": endpoint})
    settings = load_settings()
    source = _source(uri or "", queue or "", settings.max_attempts, (lease, poll))
    jobs = jobs or settings.cores()
    config = WorkerConfig(jobs=jobs, seconds=timeout, lease=lease, grace=grace, until_done=until_done)
    console.err(tr("Reading what comes to {place}, until Ctrl-C or SIGTERM.", place=queue or uri))
    try:
        given_up = run_worker(config, source, console.err)
    except KeyboardInterrupt:
        console.err(tr("Stopped. What was not read to its end is put back."))
        return 0
    return GIVEN_UP if given_up else 0


def _source(uri: str, queue: str, attempts: int, times: tuple[float, float]) -> "TaskSource":
    from folio.serve.bucket_documents import Times, bucket_documents
    from folio.serve.upload_queue import UploadQueue

    if queue:
        return UploadQueue(queue, lease=times[0])
    return bucket_documents(uri, attempts, Times(*times), console.err)
