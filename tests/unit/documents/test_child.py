"""A process that works for another one: messages between them, what it may do, and what stops it."""

import select
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from folio.deadline import Deadline
from folio.documents import children
from folio.documents.child import Message, Response, Task, decode, encode, receive, send
from folio.errors import EngineFailed, EngineTimeout, TooLarge, UnsupportedType
from folio.models import Line, PageText, Word
from folio.transform import box
from tests.support import guest

WORD = Word("船", 0.5, box(1.5, 2, 3, 4))
LONG = PageText("船" * 100_000, (Line("船", None, box(0, 0, 9, 9), (WORD,)),), rotation=90)
MB = 1 << 20


def send_both(connection: socket.socket) -> None:
    send(connection, Response(encode(LONG)))
    send(connection, Response(error="E", message="m"))


def test_messages_arrive_whole_and_in_order() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=send_both, args=(ours,))
        sender.start()
        first = receive(theirs, Response)
        assert first is not None
        assert decode(first.value, PageText) == LONG
        assert receive(theirs, Response) == Response(error="E", message="m")
        sender.join()


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\x09half"], ids=["nothing", "half a length", "half a message"])
def test_an_end_in_the_middle_is_an_end(sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            ours.sendall(sent)
        assert receive(theirs, Message) is None


def test_a_child_is_kept_and_has_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    children.close()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    first, second = (children.call("Test", Deadline(), guest.process) for _ in range(2))
    assert first == second
    variables = children.call("Test", Deadline(), guest.variables)
    assert [name for name in variables if name.startswith(("AWS_", "FOLIO_"))] == []


def test_a_child_that_is_started_ahead_has_called_its_first_function_and_serves_the_next_call() -> None:
    children.close()
    children.start(guest.prepare.__module__, "prepare")
    assert children.call("Test", Deadline(), guest.prepared) == ["done"]
    children.close()
    assert children.call("Test", Deadline(), guest.prepared) == []


def test_values_and_errors_come_back_as_they_were(tmp_path: Path) -> None:
    assert children.call("Test", Deadline(), guest.beside, tmp_path, "船") == tmp_path / "船"
    with pytest.raises(UnsupportedType, match="船"):
        children.call("Test", Deadline(), guest.refuse, "船")
    with pytest.raises(EngineFailed, match=r"failed \(ZeroDivisionError\)"):
        children.call("Test", Deadline(), guest.divide, 0)


def test_one_that_takes_too_much_memory_says_so_and_works_on() -> None:
    with pytest.raises(TooLarge, match="memory"):
        children.call("Test", Deadline(), guest.take, 1 << 40)
    assert children.call("Test", Deadline(), guest.take, MB) == MB


def test_one_that_takes_too_long_or_ends_fails_its_call_alone() -> None:
    before = children.call("Test", Deadline(), guest.process)
    with pytest.raises(EngineTimeout, match="Test took longer"):
        children.call("Test", Deadline(0.3), guest.sleep, 60.0)
    with pytest.raises(EngineFailed, match="stopped"):
        children.call("Test", Deadline(), guest.end)
    assert children.call("Test", Deadline(), guest.process) != before


def test_what_is_no_value_of_the_right_kind_is_not_taken() -> None:
    with pytest.raises(EngineFailed):
        children.call("Test", Deadline(), guest.lie)


def test_a_child_ends_where_its_answer_is_left_unread() -> None:
    """As when the process that asked was killed: its end of the connection is then reset, not closed in order."""
    ours, theirs = socket.socketpair()
    code = f"import sys; sys.path[:] = {sys.path!r}; from folio.documents.child import serve; serve({theirs.fileno()})"
    with subprocess.Popen([sys.executable, "-c", code], pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        send(ours, Message(Task("nobody", "knows", ())))
        assert select.select([ours], [], [], 30)[0], "it has answered"
        ours.close()
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()


def test_those_at_work_share_the_cores_and_hear_when_one_is_free() -> None:
    children.close()
    children.use_cores(4)
    try:
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(children.call, "Test", Deadline(), guest.cores_seen, 2, 4, 60.0)
            pool.submit(children.call, "Test", Deadline(), guest.sleep, 0.5)
            assert {2, 4} <= set(first.result())
    finally:
        children.use_cores(1)


def test_one_that_is_alone_uses_one_core_where_no_more_may_be_used() -> None:
    children.use_cores(1)
    assert children.call("Test", Deadline(), guest.cores_seen, 2, 2, 0.2) == [1]
