"""The environment outside the settings: service name, threads, secrets, and what local runs set."""

import os
from collections.abc import Iterable, Mapping


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
