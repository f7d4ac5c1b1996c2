"""The environment outside the settings: service name, threads, secrets, and what local runs set."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

# Where programs find libraries, fonts and language data; nothing of a secret, and none of Folio's own settings.
_INHERITED = (
    "PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE",
    "FONTCONFIG_PATH", "TESSDATA_PREFIX",
)  # fmt: skip
_MEMORY_SHARE = 0.75  # of a machine's or function's memory that all programs side by side may have
_MIN_CHILD_MB = 1536  # PP-OCR's networks and a page
_MIN_PROGRAM_MB, _MAX_PROGRAM_MB = 512, 2048  # of one: pages of 36 million pixels take 211
_THREADS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
_PR_SET_DUMPABLE = 4
MB_PER_CORE = 1769  # AWS Lambda gives one vCPU for this much memory


def service_name() -> str:
    """What metrics and log lines of this installation are told apart by."""
    return os.environ.get("POWERTOOLS_SERVICE_NAME") or "folio"


def limit_threads() -> None:
    """One thread per engine process, OpenCV and numpy: more only fight, and wait for, the pages read beside them."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"


def disable_telemetry() -> None:
    """Before onnxruntime is imported: its packages send Microsoft events about the machine and the networks it runs."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def bare_environment() -> dict[str, str]:
    """Return what a process needs that reads strangers' documents by itself: no keys, no settings, one thread each.

    A list of what it may have: whoever runs Folio may keep secrets under any name.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | dict.fromkeys(_THREADS, "1")


@cache
def hide_environment() -> None:
    """Keep other processes of this user from this one's keys; Linux alone can.

    /proc/PID/environ shows what a process was started with, whatever has become of os.environ, and /proc/PID/mem the
    rest; both to all processes of the same user, and on Lambda and in a container there is one user. Of a process that
    is not dumpable (prctl(2)) they are root's. What it forks is hidden too, and what it starts is not.
    """
    import ctypes

    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


@contextmanager
def with_bare_environment() -> Iterator[None]:
    """For what hands on the whole environment when it starts a process; no other thread may run."""
    whole, bare = dict(os.environ), bare_environment()
    os.environ.clear()
    os.environ.update(bare)
    try:
        yield
    finally:
        os.environ.update(whole)


def use_environment(values: Mapping[str, str]) -> None:
    """For this process and what it starts: points the AWS SDK, the handlers and temporary files at something else."""
    os.environ.update(values)


def secret_variables(names: Iterable[str]) -> dict[str, str]:
    """Those of the environment variables that are set; their values are secrets."""
    return {name: value for name in names if (value := os.environ.get(name, "").strip())}


def variable(name: str) -> str:
    return os.environ.get(name, "")


def is_lambda() -> bool:
    """Return whether this is a function on Lambda, or in a container of its runtime: one invocation at a time."""
    return "AWS_LAMBDA_RUNTIME_API" in os.environ


def cores() -> int:
    """Return how many cores this process may use."""
    if sys.version_info >= (3, 13):
        there_are = os.process_cpu_count() or 1
    else:
        there_are = os.cpu_count() or 1
    memory = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    # Lambda shows two cores to every function but gives it a share of them that grows with its memory.
    return max(1, min(there_are, round(int(memory) / MB_PER_CORE))) if memory else there_are


def memory_mb(root: Path = Path("/")) -> int:
    """Return the megabytes that this machine, container (its control group) or function has."""
    if memory := os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"):
        return int(memory)
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(physical, _group_limit(root)) // 2**20


def program_memory_mb() -> int:
    """Return the megabytes that each of the programs may have that read documents, one for each core."""
    return max(_MIN_PROGRAM_MB, min(_MAX_PROGRAM_MB, int(memory_mb() * _MEMORY_SHARE / cores())))


def child_memory_mb() -> int:
    """Return the megabytes that each process may have that decodes, prepares and reads pages by itself."""
    return max(_MIN_CHILD_MB, int(memory_mb() * _MEMORY_SHARE / cores()))


@cache  # asked for with each program that is started
def _group_limit(root: Path) -> int:
    return min(_group_limits(root), default=sys.maxsize)


def _group_limits(root: Path) -> Iterator[int]:
    """The limits in bytes of this process's control groups and those around them."""
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # not Linux
        return
    for _, controllers, group in (line.split(":", 2) for line in groups):
        if controllers and "memory" not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
        folder = top / group.lstrip("/")
        # A container sees the names of groups outside, and its own folder as the topmost.
        for inner in (folder, *folder.parents[: len(folder.parts) - len(top.parts)]):
            with suppress(OSError, ValueError):  # "max", or no such folder
                name = "memory.limit_in_bytes" if controllers else "memory.max"
                yield int((inner / name).read_text())
