"""The environment outside the settings: service name, threads, secrets, and what local runs set."""

import os
import sys
from collections.abc import Iterable, Mapping

MB_PER_CORE = 1769  # AWS Lambda gives one vCPU for this much memory


def service_name() -> str:
    """What metrics and log lines of this installation are told apart by."""
    return os.environ.get("POWERTOOLS_SERVICE_NAME") or "folio"


def limit_threads() -> None:
    """One thread per engine process and for OpenCV: more only fight, and wait for, the pages read beside them."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"


def disable_telemetry() -> None:
    """Before onnxruntime is imported: its packages send Microsoft events about the machine and the networks it runs."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


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


def without_credentials() -> dict[str, str]:
    """Return the environment for a process that needs nothing of AWS: a function's has the keys of its role."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def memory_mb() -> int:
    """Return the megabytes that this machine or function has."""
    if memory := os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"):
        return int(memory)
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
