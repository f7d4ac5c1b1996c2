"""A warm Lambda function: one process that has imported a handler and answers one event after the other.

Run as `python -m tests.fakes.aws.function`. Events come as JSON lines on standard input, answers leave on what was the
standard output at the start; whatever the handler prints goes to standard error, as its log.
"""

import importlib
import json
import os
import sys
import traceback
from typing import Any

from folio.serve.local_lambda import LocalContext


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # before the logger takes the standard output
    for line in sys.stdin:
        call = json.loads(line)
        print(json.dumps(_answer(call)), file=answers, flush=True)


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
