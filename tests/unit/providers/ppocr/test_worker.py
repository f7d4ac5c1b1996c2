"""Messages between a reading process and its worker."""

import socket
import threading

import pytest

from folio.models import Line, PageText, Word
from folio.providers.ppocr.worker import Job, Response, receive, send
from folio.transform import box

WORD = Word("船", 0.5, box(1.5, 2, 3, 4))
LONG = PageText("船" * 100_000, (Line("船", None, box(0, 0, 9, 9), (WORD,)),), rotation=90)


def send_both(connection: socket.socket) -> None:
    send(connection, Response(LONG))
    send(connection, Response(None, "E", "m"))


def test_messages_arrive_whole_and_in_order() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=send_both, args=(ours,))
        sender.start()
        assert receive(theirs, Response) == Response(LONG)
        assert receive(theirs, Response) == Response(None, "E", "m")
        sender.join()


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\x09half"], ids=["nothing", "half a length", "half a message"])
def test_an_end_in_the_middle_is_an_end(sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            ours.sendall(sent)
        assert receive(theirs, Job) is None
