"""Settings and options: the only reader (and, for local runs, writer) of the environment."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta, Struct

from folio.errors import BadOption, Misconfigured
from folio.models import SCHEMA, Mode, Ocr, Options, Output, Provider, Recipe
from folio.switches import SWITCHES, check_switches, parse_switch

PREFIX = "FOLIO_"
TOGETHER = "FOLIO_SETTINGS"  # settings that have no variable of their own there
METADATA = "folio-"
MB_PER_CORE = 1769  # AWS Lambda gives one vCPU for this much memory

PROVIDERS: tuple[str, ...] = get_args(Provider.__value__)
MODES: tuple[str, ...] = get_args(Mode.__value__)
RECIPES: tuple[str, ...] = get_args(Recipe.__value__)
OCR: tuple[str, ...] = get_args(Ocr.__value__)
TEXT_MODES = ("general", "accurate")  # ask for text, which a PDF's own text layer may have
OUTPUTS: tuple[str, ...] = get_args(Output.__value__)

# Tesseract's page segmentation modes, without those that only look at orientation and read nothing.
PSMS = ("1", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13")

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
    second_look: str = "2"
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
    # What reads long documents: the ARN of a state machine; or `lock:PATH`, several processes of this machine, for one
    # document at a time, that of whoever holds the lock on the file; empty: they are read like others.
    workflow: str = ""
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
                raise BadOption(f"{_shown(part)} is no rate; write baidu=10 or tencent.table=2.")
            rates[name] = max(float(rate), 0.01)
        return rates

    def cores(self) -> int:
        return self.jobs or _cores()


def _cores() -> int:
    there_are = os.process_cpu_count() or 1
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
        raise BadOption(f"there is no setting {_shown(field)}.")
    changed = msgspec.convert({**msgspec.structs.asdict(settings), field: value}, Settings, strict=False)
    # What documents may choose for themselves is checked here too, or every document would be refused.
    make_options(wanted_options(changed, {}))
    changed.rates()
    return changed


def service_name() -> str:
    """What metrics and log lines of this installation are told apart by."""
    return os.environ.get("POWERTOOLS_SERVICE_NAME") or "folio"


def limit_threads() -> None:
    """One thread per engine process and for OpenCV: more only fight, and wait for, the pages read beside them."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"


def use_environment(values: Mapping[str, str]) -> None:
    """For this process and what it starts: points the AWS SDK, the handlers and temporary files at something else."""
    os.environ.update(values)


def secret_variables(names: Iterable[str]) -> dict[str, str]:
    """Those of the environment variables that are set; their values are secrets."""
    return {name: value for name in names if (value := os.environ.get(name, "").strip())}


def metadata_options(metadata: Mapping[str, str]) -> dict[str, str]:
    """The options among an object's user metadata: `x-amz-meta-folio-languages` is `languages`."""
    return {name[len(METADATA) :]: value for name, value in metadata.items() if name.startswith(METADATA)}


def wanted_options(settings: Settings, requested: Mapping[str, str]) -> dict[str, str]:
    """What was requested for one document over what the installation fixes; still text, unchecked."""
    defaults = {name: getattr(settings, name) for name in _PARSERS if hasattr(settings, name)}
    return defaults | _long_names({name: value.strip() for name, value in requested.items() if value.strip()})


def make_options(wanted: Mapping[str, str]) -> Options:
    """Checked options. Raises BadOption with the list of good names or values."""
    wanted = _long_names(wanted)
    if unknown := sorted(set(wanted) - set(_PARSERS) - set(SWITCHES)):
        known = ", ".join((*_ALIASES, *_PARSERS, *SWITCHES))
        raise BadOption(f"There is no option {_shown(unknown[0])}; the options are {known}.")
    switches = tuple((name, parse_switch(name, value)) for name, value in sorted(wanted.items()) if name in SWITCHES)
    options = Options(
        switches=switches, **{name: _PARSERS[name](name, value) for name, value in wanted.items() if name in _PARSERS}
    )
    check_switches(options)
    if options.ocr == "never" and options.mode not in TEXT_MODES:
        raise BadOption(f"ocr=never gives text only; mode={options.mode} needs somebody to read it.")
    return options


def _long_names(wanted: Mapping[str, str]) -> dict[str, str]:
    """One name for what has two; the long one wins."""
    renamed = {_ALIASES[name]: value for name, value in wanted.items() if name in _ALIASES}
    return renamed | {name: value for name, value in wanted.items() if name not in _ALIASES}


def fingerprint(wanted: Mapping[str, str], settings: Settings) -> str:
    """Short digest of everything that decides what a result says: equal digests, equal results."""
    deciding = {name: value for name, value in wanted.items() if name != "max_calls"}
    data = msgspec.json.encode([SCHEMA, deciding, settings.raster_pixels], order="deterministic")
    return hashlib.sha256(data).hexdigest()[:16]


def page_numbers(pages: str, count: int) -> Iterator[int]:
    """The chosen page numbers of a document of `count` pages, rising; all of them if `pages` is empty."""
    if not pages:
        yield from range(1, count + 1)
        return
    chosen: set[int] = set()
    for part in pages.split(","):
        first, dash, last = part.partition("-")
        end = int(last) if last else (count if dash else int(first))
        chosen.update(range(int(first), min(end, count) + 1))
    numbers = sorted(number for number in chosen if number <= count)
    if not numbers:
        raise BadOption(f"The document has {count} page{'s' * (count != 1)}, none of them in pages={pages}.")
    yield from numbers


def _shown(value: str) -> str:
    """A foreign value inside a message: short, on one line."""
    return repr(value if len(value) <= 40 else value[:40] + "…")


def _choice(good: tuple[str, ...]) -> Callable[[str, str], str]:
    def parse(name: str, value: str) -> str:
        if value not in good:
            raise BadOption(f"{name}={_shown(value)} is not known; choose one of {', '.join(good)}.")
        return value

    return parse


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", value, re.ASCII) or not low <= int(value) <= high:
            raise BadOption(f"{name}={_shown(value)} does not fit; give a whole number from {low} to {high}.")
        return int(value)

    return parse


def _providers(name: str, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
    if not set(names) <= set(PROVIDERS):
        raise BadOption(f"{name}={_shown(value)} is no chain; join some of {', '.join(PROVIDERS)} by commas.")
    return names


def _outputs(name: str, value: str) -> tuple[str, ...]:
    names = {part.strip() for part in value.split(",")} - {"", "none"}
    if not names <= set(OUTPUTS):
        raise BadOption(f"{name}={_shown(value)} is not known; join some of {', '.join(OUTPUTS)} by commas.")
    return tuple(kind for kind in OUTPUTS if kind in names)


def _share(name: str, value: str) -> float:
    if not re.fullmatch(r"0|1|[01]?\.[0-9]{1,4}", value, re.ASCII) or float(value) > 1:
        raise BadOption(f"{name}={_shown(value)} does not fit; give a number from 0 to 1, for example 0.8.")
    return float(value)


def _times(name: str, value: str) -> float:
    if not re.fullmatch(r"[0-9](\.[0-9]{1,4})?|\.[0-9]{1,4}", value, re.ASCII):
        raise BadOption(f"{name}={_shown(value)} does not fit; give a number from 0 to 9, for example 0.5.")
    return float(value)


def _languages(name: str, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in re.split(r"[+,]", value) if part.strip()))
    if not names or not all(re.fullmatch(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?", part) for part in names):
        raise BadOption(f"{name}={_shown(value)} is not a list of languages; write them as eng+chi_sim.")
    return names


def _pages(name: str, value: str) -> str:
    """Ranges like 1-3,7,9- in rising order within each."""
    parts = [part.strip() for part in value.split(",")]
    for part in parts:
        match = re.fullmatch(r"([1-9][0-9]{0,6})(-([1-9][0-9]{0,6})?)?", part, re.ASCII)
        if not match or (match[3] and int(match[3]) < int(match[1])):
            raise BadOption(f"{name}={_shown(value)} is not a list of pages; write it as 1-3,7 or 5- to the end.")
    return ",".join(parts)


_ALIASES = {"provider": "providers"}
_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "providers": _providers,
    "min_confidence": _share,
    "max_calls": _number(0, 999_999),
    "id_card_side": _choice(("auto", "front", "back")),
    "languages": _languages,
    "mode": _choice(MODES),
    "ocr": _choice(OCR),
    "pages": _pages,
    "recipe": _choice(RECIPES),
    "dpi": _number(50, 1200),
    "psm": _choice(PSMS),
    "second_look": _times,
    "outputs": _outputs,
}
