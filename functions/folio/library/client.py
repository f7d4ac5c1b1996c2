"""A Folio elsewhere, called over HTTP with the words of `folio.read`."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

import msgspec

from folio.api.requests import S3Object, safe_name
from folio.api.status import ProviderStatus
from folio.api.uploads import Upload
from folio.config.settings import Settings
from folio.errors import BadOption, BodyTooLarge, EngineTimeout, FolioError, SourceGone
from folio.jobs.records import Job
from folio.library.document import Document
from folio.library.read import OptionValue, as_text
from folio.models import Result
from folio.network.api_calls import ApiCalls, decoded, error_of

_MAX_CALL_BYTES = 4_400_000  # above it a document goes through the bucket, as API Gateway wants it
_POLL_SECONDS = 1.0

type Progress = Callable[[int, int | None], object]


class Client:
    """The API of `folio serve`, or of a deployed stack.

        client = folio.Client("https://abc.execute-api.eu-central-1.amazonaws.com/prod/", key="…")
        document = client.read("scan.pdf", languages="chi_sim")

    What takes long becomes a job there; `read` waits for it, `timeout` seconds at most. A call is repeated while the
    API is busy or cannot be reached, and done once all the same. Use it from any number of threads.
    """

    def __init__(self, url: str, *, key: str = "", token: str = "", timeout: float = 3600.0) -> None:
        """`key` is sent as X-Api-Key, `token` as a bearer's. Raise BadOption for what is not an address."""
        headers = {"X-Api-Key": key} if key else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        self._calls = ApiCalls(url, headers, timeout)
        self._timeout = timeout

    def read(
        self, source: str | os.PathLike[str] | bytes, *, progress: Progress | None = None, **options: OptionValue
    ) -> Document:
        """Read a document there: a path to it here, its content, or s3://bucket/key of one that Folio may read there.

        `options` are those of `folio.read`. Of what becomes a job `progress` is told the pages that are done and how
        many there are (None before that is known).

        Raise the errors of `folio.read`, Unauthorized, EngineTimeout, and `folio.network.Unreachable`.
        """
        if isinstance(source, str) and source.startswith("s3://"):
            answer = self._read_stored(source, as_text(options))
            content: bytes | None = None
        else:
            content, name = _content(source)
            answer = self._send(content, name, as_text(options))
        if isinstance(answer, Result):
            return Document(answer, content if content is not None else _not_here, Settings())
        return self._finished(answer, progress, content)

    def start(self, source: str | os.PathLike[str] | bytes, **options: OptionValue) -> Job:
        """Have a document read as a job, and return that at once. Raises what `read` raises."""
        content, name = _content(source)
        job = self._send(content, name, as_text(options), Prefer="respond-async")
        if isinstance(job, Result):
            raise FolioError("The API answered with a result where a job was asked for.")
        return job

    def wait(self, job: Job | str, *, progress: Progress | None = None) -> Document:
        """Wait until a job is finished, and return its document. Raises what `read` raises, and NotFound."""
        return self._finished(self.job(job), progress, None)

    def job(self, job: Job | str) -> Job:
        """Return how far a job is. Raises NotFound."""
        return self._get(f"v1/jobs/{job if isinstance(job, str) else job.id}", Job)

    def delete(self, job: Job | str) -> None:
        """End the reading of a job, and delete its document and all that was made of it. Raises NotFound."""
        self._calls.call("DELETE", f"v1/jobs/{job if isinstance(job, str) else job.id}", {})

    def providers(self) -> list[ProviderStatus]:
        """Return who can read there, and what the others lack."""
        return self._get("v1/providers", list[ProviderStatus])

    def _get[T](self, path: str, kind: type[T]) -> T:
        return decoded(self._calls.call("GET", path, {}), kind)

    def _send(self, content: bytes, name: str, options: Mapping[str, str], **headers: str) -> Result | Job:
        if len(content) > _MAX_CALL_BYTES:
            return self._upload(content, name, options)
        sent = _headers("application/octet-stream") | headers
        query = {"filename": name, **options}
        try:
            return _read(self._calls.call("POST", "v1/documents", sent, query=query, body=content))
        except BodyTooLarge:
            return self._upload(content, name, options)

    def _read_stored(self, address: str, options: Mapping[str, str]) -> Result | Job:
        bucket, _, key = address.removeprefix("s3://").partition("/")
        body = msgspec.json.encode({"s3": S3Object(bucket, key), "options": options})
        return _read(self._calls.call("POST", "v1/documents", _headers("application/json"), body=body))

    def _upload(self, content: bytes, name: str, options: Mapping[str, str]) -> Job:
        body = msgspec.json.encode({"filename": name, "bytes": len(content), "options": options})
        upload = decoded(self._calls.call("POST", "v1/uploads", _headers("application/json"), body=body), Upload)
        self._calls.send_form(upload.url, {**upload.fields, "file": (name, content)})
        return self.job(upload.job)

    def _finished(self, job: Job, progress: Progress | None, content: bytes | None) -> Document:
        end = time.monotonic() + self._timeout
        while job.state not in ("complete", "partial", "failed"):
            if progress:
                progress(job.pages.done, job.pages.total)
            if time.monotonic() > end:
                raise EngineTimeout(f"The job {job.id} was not finished in {self._timeout:.0f} seconds.")
            time.sleep(_POLL_SECONDS)
            job = self.job(job)
        if job.error:
            raise error_of(job.error)
        if progress:
            progress(job.pages.done, job.pages.total)
        result = decoded(self._calls.fetch(job.links["result"]), Result)
        # The link to the source does not last; whoever saves a PDF later asks for another.
        source = content if content is not None else lambda: self._calls.fetch(self.job(job).links["source"])
        return Document(result, source, Settings())


def _read(answer: bytes) -> Result | Job:
    """Return what POST v1/documents answered with: a result, or a job, which has a state."""
    members = decoded(answer, dict[str, msgspec.Raw])
    return decoded(answer, Job) if "state" in members else decoded(answer, Result)


def _headers(content_type: str) -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4()), "Accept": "application/json", "Content-Type": content_type}


def _content(source: str | os.PathLike[str] | bytes) -> tuple[bytes, str]:
    """Return a document's content and the name it is sent under. Raises SourceGone, BadOption."""
    if isinstance(source, bytes):
        return source, "document"
    try:
        return Path(source).read_bytes(), safe_name(Path(source).name)
    except FileNotFoundError as error:
        raise SourceGone(f"There is no file {str(source)!r}.") from error
    except OSError as error:
        raise BadOption(f"The file {str(source)!r} cannot be read ({error.strerror}).") from error


def _not_here() -> bytes:
    raise SourceGone("The document lies in a bucket, and a PDF is made of the document; fetch it, and read that.")
