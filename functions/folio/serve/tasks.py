"""What a worker works on, and what it takes that from."""

from typing import Any, Protocol

from msgspec import Struct


class Task(Struct, frozen=True):
    """One document to read: the event for the upload function, and what its source knows it by."""

    name: str
    event: dict[str, Any]
    handle: Any


class TaskSource(Protocol):
    """Where documents come from, any number of workers side by side. Methods may be called from several threads.

    All raise StoreUnavailable for what may pass.
    """

    def take(self) -> Task | None:
        """Return the next document, which no other worker has until it is settled or this one is gone; None for now."""
        ...

    def renew(self, task: Task) -> Task:
        """Keep a document that is still being read."""
        ...

    def done(self, task: Task) -> None:
        """Say that a document has its outcome."""
        ...

    def failed(self, task: Task) -> bool:
        """Put back a document whose reading failed, for later; return whether it is given up instead."""
        ...

    def put_back(self, task: Task) -> None:
        """Put back a document that was not read to its end, for anybody, at once."""
        ...

    def is_finished(self) -> bool:
        """Whether nothing waits or is being read, here or elsewhere."""
        ...


def sqs_event(name: str, body: str, attempt: int) -> dict[str, Any]:
    """Return what Lambda makes of one message of a queue."""
    attributes = {"ApproximateReceiveCount": str(attempt)}
    return {"Records": [{"messageId": name, "body": body, "attributes": attributes, "eventSource": "aws:sqs"}]}
