"""A warm Lambda function: one process that has imported a handler and answers one event after the other.

Run as `python -m tests.fakes.aws.function`. Events come as JSON lines on standard input, answers leave on what was the
standard output at the start; whatever the handler prints goes to standard error, as its log.

READ_LOG names a file: then every page is read by an engine that is not there, which takes a moment for each and writes
its number into that file.
"""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from folio import wiring
from folio.config.settings import Settings
from folio.providers.base import Provider
from folio.serve.local_lambda import LocalContext
from tests.fakes.engines import LoggedText


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # before the logger takes the standard output
    if log := os.environ.get("READ_LOG"):
        _replace_engines(LoggedText(Path(log)))
    for line in sys.stdin:
        call = json.loads(line)
        print(json.dumps(_answer(call)), file=answers, flush=True)


def _replace_engines(engine: LoggedText) -> None:
    def find(name: str, settings: Settings) -> Provider:
        return engine

    vars(wiring)["get_provider"] = find


def _answer(call: dict[str, Any]) -> dict[str, Any]:
    """As the runtime answers: what the handler returned, or the name, the message and the trace of what it raised."""
    handler = importlib.import_module(f"handlers.{call['function']}").handler
    try:
        return {"payload": handler(call["event"], LocalContext(call["seconds"]))}
    except Exception as error:  # noqa: BLE001 (whatever it is)
        trace = traceback.format_tb(error.__traceback__)
        return {"error": {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": trace}}


if __name__ == "__main__":
    main()
