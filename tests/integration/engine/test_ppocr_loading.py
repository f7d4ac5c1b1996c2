"""A process that is started ahead has loaded what it reads a page with before it is asked to."""

from folio.deadline import Deadline
from folio.documents import children
from folio.reading import loading
from tests.support import guest


def test_a_process_that_is_started_ahead_has_the_networks_and_another_has_none() -> None:
    children.close()
    assert not children.call("Test", Deadline(), guest.has_networks)
    children.close()
    children.start(loading.__name__, "load")
    assert children.call("Test", Deadline(), guest.has_networks)
    children.close()
