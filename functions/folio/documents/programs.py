"""Programs that run side by side, within a time, and whose complaints are counted."""

import subprocess
import threading
from pathlib import Path

from folio.errors import EngineFailed, EngineTimeout, ToolMissing


def run_programs(commands: list[list[str]], folder: Path, timeout: float) -> int:
    """Run programs side by side and return the number of complaints. Raises if one fails or the time is over."""
    logs = [folder / f"stderr{number}" for number in range(len(commands))]
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
                running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr))
        clock.start()
        statuses = [process.wait() for process in running]
    except FileNotFoundError as error:
        raise ToolMissing(f"poppler ({commands[0][0]}) is not installed.") from error
    finally:
        clock.cancel()
        for process in running:
            process.kill()
            process.wait()
    if late.is_set():
        raise EngineTimeout(f"{commands[0][0]} took longer than it may.")
    if any(statuses):
        raise EngineFailed(f"{commands[0][0]} stopped with status {max(statuses, key=abs)}.")
    return sum(_complaints(file) for file in logs)


def _complaints(log: Path) -> int:
    with log.open("rb") as file:
        lines = file.read(1_000_000).splitlines()
    return sum(b"Error" in line or b"damaged" in line for line in lines)
