"""Foreign programs that read documents: without keys, within limits, their complaints counted.

A document may be made to break into the program that reads it. There it finds an environment without secrets, and
limits of memory, processor time, files and their size. pdf2image and pytesseract, which start programs themselves, hand
on the whole environment and set no limits.
"""

import math
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from folio.config.environment import bare_environment, program_memory_mb
from folio.errors import EngineFailed, EngineTimeout, TooLarge, ToolMissing

_MAX_FILE_BYTES = 1 << 30  # of one file; a page has no more pixels than settings.raster_pixels
_MAX_OPEN_FILES = 64
_LOG_BYTES = 1_000_000
_TRIES, _PAUSE_SECONDS = 20, 0.001
# What programs and libraries say on stderr when memory is refused them.
_NO_MEMORY = (b"bad_alloc", b"ut of memory", b"malloc fail", b"std::length_error")


class Finished(Struct, frozen=True):
    """What became of a program: status (negative: the signal that ended it), standard output and standard error."""

    status: int
    output: bytes
    complaints: bytes

    @property
    def is_starved(self) -> bool:
        """Whether memory was refused it."""
        return _is_starved(self.complaints)


def run_program(command: list[str], timeout: float, *, partly: bool = False) -> Finished:
    """Run a program. Raises FileNotFoundError, OSError, EngineTimeout, TooLarge where it took all memory it may.

    Poppler and Tesseract go on without the memory that is refused them, and end as if all were well: with `partly`
    the caller looks at what they leave (`Finished.is_starved`).
    """
    with _started(command, timeout, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            output, complaints = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise _timeout(command) from error
        finally:
            process.kill()
    finished = Finished(process.returncode, output, complaints)
    _check_limits(command, finished.status, complaints, partly=partly)
    return finished


def run_programs(commands: list[list[str]], folder: Path, timeout: float, *, ignored: tuple[bytes, ...] = ()) -> int:
    """Run programs side by side and return the number of complaints, without those that have a phrase of `ignored`.

    Raises ToolMissing, EngineTimeout, TooLarge where one took all memory it may, EngineFailed if one fails otherwise.
    """
    logs = [folder / f"stderr{number}" for number in range(len(commands))]
    try:
        statuses = _run_all(commands, logs, timeout)
    except FileNotFoundError as error:
        raise ToolMissing(f"poppler ({commands[0][0]}) is not installed.") from error
    texts = [_start_of(file) for file in logs]
    for command, status, text in zip(commands, statuses, texts, strict=True):
        _check_limits(command, status, text)
    if any(statuses):
        raise EngineFailed(f"{commands[0][0]} stopped with status {max(statuses, key=abs)}.")
    return sum(_count_complaints(text, ignored) for text in texts)


def _run_all(commands: list[list[str]], logs: list[Path], timeout: float) -> list[int]:
    running: list[subprocess.Popen[bytes]] = []
    late = threading.Event()

    def stop() -> None:
        late.set()
        for process in running:
            process.kill()

    # Popen.wait(timeout) polls only every 50 ms, longer than the programs take.
    clock = threading.Timer(timeout, stop)
    try:
        for command, file in zip(commands, logs, strict=True):
            with file.open("wb") as stderr:
                running.append(_started(command, timeout, stdout=subprocess.DEVNULL, stderr=stderr))
        clock.start()
        statuses = [process.wait() for process in running]
    finally:
        clock.cancel()
        for process in running:
            process.kill()
            process.wait()
    if late.is_set():
        raise _timeout(commands[0])
    return statuses


def _count_complaints(text: bytes, ignored: tuple[bytes, ...]) -> int:
    lines = (line for line in text.splitlines() if not any(phrase in line for phrase in ignored))
    return sum(b"Error" in line or b"damaged" in line for line in lines)


def limit(pid: int, *, memory_mb: int, seconds: float | None, open_files: int = _MAX_OPEN_FILES) -> None:
    """Limit a process that was just started; Linux alone can.

    `memory_mb` is what it may write to, whether it does or not. No core is left, and where all of the machine's memory
    is used up, the system ends this process before the one that started it.
    """
    import resource

    if not hasattr(resource, "prlimit"):
        return
    limits = {
        resource.RLIMIT_DATA: memory_mb << 20,
        resource.RLIMIT_FSIZE: _MAX_FILE_BYTES,
        resource.RLIMIT_NOFILE: open_files,
        resource.RLIMIT_CORE: 0,
    }
    if seconds is not None:
        limits[resource.RLIMIT_CPU] = math.ceil(seconds) + 1
    with suppress(ProcessLookupError, FileNotFoundError):  # it has ended already
        for kind, value in limits.items():
            _, highest = resource.prlimit(pid, kind)
            allowed = value if highest == resource.RLIM_INFINITY else min(value, highest)
            # The signal that tells of it comes at the first of the two, and the end in any case at the second.
            spare = 1 if kind == resource.RLIMIT_CPU and allowed != highest else 0
            resource.prlimit(pid, kind, (allowed, allowed + spare))
        _end_first(pid)


def _end_first(pid: int) -> None:
    """Have the system end a process first where memory runs out.

    For a moment a program that has just begun is hidden as the process is that started it (`hide_environment`), and its
    file is root's.
    """
    for _ in range(_TRIES):
        try:
            Path(f"/proc/{pid}/oom_score_adj").write_text("1000")
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _started(command: list[str], timeout: float, *, stdout: int, stderr: "int | object") -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,  # type: ignore[arg-type] # a file too
        env=bare_environment(),
    )
    limit(process.pid, memory_mb=program_memory_mb(), seconds=timeout)
    return process


def _timeout(command: list[str]) -> EngineTimeout:
    return EngineTimeout(f"{_name(command)} took longer than it may.")


def _check_limits(command: list[str], status: int, complaints: bytes, *, partly: bool = False) -> None:
    from signal import SIGXCPU, SIGXFSZ

    if status == -SIGXCPU:
        raise _timeout(command)
    if status == -SIGXFSZ:
        raise TooLarge(f"{_name(command)} wrote more than it may for this document.")
    if (status or not partly) and _is_starved(complaints):
        raise TooLarge(f"{_name(command)} needs more than the {program_memory_mb()} MB of memory that it may use.")


def _is_starved(complaints: bytes) -> bool:
    return any(sign in complaints[:_LOG_BYTES] for sign in _NO_MEMORY)


def _name(command: list[str]) -> str:
    return Path(command[0]).name


def _start_of(log: Path) -> bytes:
    with log.open("rb") as file:
        return file.read(_LOG_BYTES)
