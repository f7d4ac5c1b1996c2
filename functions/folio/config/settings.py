"""What an installation fixes for all its documents, read from the environment."""

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from folio.config.options import MODES, PARSERS, PROVIDERS, long_names, make_options, shown
from folio.errors import BadOption, Misconfigured
from folio.models import SCHEMA

PREFIX = "FOLIO_"
TOGETHER = "FOLIO_SETTINGS"  # settings that have no variable of their own there
METADATA = "folio-"
MB_PER_CORE = 1769  # AWS Lambda gives one vCPU for this much memory

type Positive = Annotated[int, Meta(ge=1)]


class Settings(Struct, frozen=True, kw_only=True):
    """What an installation fixes for all its documents.

    Environment: FOLIO_ and the name in capitals, or several of them in FOLIO_SETTINGS: "mode=accurate dpi=200".
    """

    providers: str = "tesseract"
    min_confidence: str = "0"
    max_calls: str = "1000"
    languages: str = "eng"
    mode: str = "general"
    ocr: str = "auto"
    recipe: str = "auto"
    second_pass: str = "2"  # noqa: S105 (reading twice, not a password)
    dpi: str = "300"
    outputs: str = "none"
    max_bytes: Positive = 200_000_000
    max_pages: Positive = 1000
    # An image with more pixels than this is refused before it is decoded (an A4 sheet at 1000 dpi has 97 million).
    max_pixels: Positive = 120_000_000
    # A page is brought to at most this many pixels before it is read (A4 at 600 dpi, A2 at 300 dpi).
    raster_pixels: Positive = 36_000_000
    page_timeout: Annotated[float, Meta(gt=0, le=900)] = 120.0  # seconds for one page, drawing and reading each
    margin: Annotated[float, Meta(ge=0, le=900)] = 10.0  # seconds kept before a deadline to stop in order
    # Seconds after which the pages read so far are kept beside the source, and between two times of that.
    keep_seconds: Annotated[float, Meta(ge=0)] = 5.0
    max_failed: Annotated[float, Meta(ge=0, le=1)] = 0.5  # share of a document's pages that may fail
    split_pages: Positive = 50  # a document with more pages to recognize is read by several, some pages each
    split_chunk: Annotated[int, Meta(ge=1, le=100)] = 8  # how many each
    split_concurrency: Annotated[int, Meta(ge=1, le=1000)] = 10  # how many read one document at once
    workflow: str = ""  # ARN of the state machine that reads long documents; empty: they are read like others
    # Path of a file that processes of this machine lock in turn: whoever holds it reads a long document with several
    # processes, the others alone. `folio serve` sets it; it prevails over `workflow`.
    long_documents_lock: str = ""
    jobs: Annotated[int, Meta(ge=0)] = 0  # pages read at once; 0: one per core there is
    max_attempts: Positive = 3  # deliveries of one upload before it goes to the dead-letter queue
    call_attempts: Annotated[int, Meta(ge=1, le=20)] = 5  # calls of a provider for one image, the first included
    call_timeout: Annotated[float, Meta(gt=0, le=300)] = 30.0  # seconds for one call of a provider
    # Starts per second where they differ from the provider's default: baidu=10,tencent.table=5. Per process.
    qps: str = ""
    bucket: str = ""  # where the API puts documents that become jobs
    sources: str = ""  # further buckets whose documents the API may read, joined by commas
    sync_pages: Annotated[int, Meta(ge=0)] = 10  # pages to recognise in a call of the API; more become a job
    origin: str = ""  # of the web pages elsewhere that may call the API: https://example.org, or *
    credentials: str = ""  # ARN of the secret or parameter with the providers' keys; empty: environment variables
    event_bus: str = ""  # name of the EventBridge bus that is told what became of documents; empty: nobody is
    baidu_endpoint: str = "https://aip.baidubce.com"
    tencent_endpoint: str = "https://ocr.tencentcloudapi.com"
    aliyun_endpoint: str = "https://ocr-api.cn-hangzhou.aliyuncs.com"

    def rates(self) -> dict[str, float]:
        """Starts per second by provider (`baidu`) or provider and mode (`baidu.table`). Raises BadOption."""
        rates = {}
        for part in filter(None, (part.strip() for part in self.qps.split(","))):
            name, _, rate = (text.strip() for text in part.partition("="))
            provider, _, mode = name.partition(".")
            if provider not in PROVIDERS or mode not in ("", *MODES) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", rate):
                raise BadOption(f"{shown(part)} is no rate; write baidu=10 or tencent.table=2.")
            rates[name] = max(float(rate), 0.01)
        return rates

    def cores(self) -> int:
        return self.jobs or _cores()


def _cores() -> int:
    if sys.version_info >= (3, 13):
        there_are = os.process_cpu_count() or 1
    else:
        there_are = os.cpu_count() or 1
    memory = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    # Lambda shows two cores to every function but gives it a share of them that grows with its memory.
    return max(1, min(there_are, round(int(memory) / MB_PER_CORE))) if memory else there_are


def load_settings() -> Settings:
    """Settings from the environment; Misconfigured names the variable that does not fit."""
    settings = Settings()
    for field, value, variable in _given():
        try:
            settings = _with(settings, field, value)
        except (msgspec.ValidationError, BadOption) as error:
            raise Misconfigured(f"The environment variable {variable} does not fit: {error}") from error
    return settings


def _given() -> Iterator[tuple[str, str, str]]:
    """Setting, value and variable; what has a variable of its own comes last and prevails."""
    for pair in os.environ.get(TOGETHER, "").split():
        name, _, value = pair.partition("=")
        yield name, value, TOGETHER
    for name in Settings.__struct_fields__:
        if own := os.environ.get(f"{PREFIX}{name.upper()}"):
            yield name, own, f"{PREFIX}{name.upper()}"


def _with(settings: Settings, field: str, value: str) -> Settings:
    if field not in Settings.__struct_fields__:
        raise BadOption(f"there is no setting {shown(field)}.")
    changed = msgspec.convert({**msgspec.structs.asdict(settings), field: value}, Settings, strict=False)
    # What documents may choose for themselves is checked here too, or every document would be refused.
    make_options(wanted_options(changed, {}))
    changed.rates()
    return changed


def metadata_options(metadata: Mapping[str, str]) -> dict[str, str]:
    """The options among an object's user metadata: `x-amz-meta-folio-languages` is `languages`."""
    return {name[len(METADATA) :]: value for name, value in metadata.items() if name.startswith(METADATA)}


def wanted_options(settings: Settings, requested: Mapping[str, str]) -> dict[str, str]:
    """What was requested for one document over what the installation fixes; still text, unchecked."""
    defaults = {name: getattr(settings, name) for name in PARSERS if hasattr(settings, name)}
    return defaults | long_names({name: value.strip() for name, value in requested.items() if value.strip()})


def fingerprint(wanted: Mapping[str, str], settings: Settings) -> str:
    """Short digest of everything that decides what a result says: equal digests, equal results."""
    deciding = {name: value for name, value in wanted.items() if name != "max_calls"}
    data = msgspec.json.encode([SCHEMA, deciding, settings.raster_pixels], order="deterministic")
    return hashlib.sha256(data).hexdigest()[:16]
