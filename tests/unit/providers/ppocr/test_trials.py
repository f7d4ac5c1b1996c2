"""What gains nothing on a page is given up there."""

from folio.providers.ppocr.text.trials import Trials


def test_what_never_gains_is_given_up_and_what_does_goes_on() -> None:
    vain, useful = Trials(0.05), Trials(0.05)
    for index in range(16):
        assert vain.pay()
        assert not vain.count(gained=False)
        useful.count(gained=index == 3)
    assert not vain.pay()
    assert useful.pay()


def test_it_is_taken_up_again_where_it_gains_once_more() -> None:
    trials = Trials(0.8)
    for index in range(20):
        trials.count(gained=index >= 5)
    assert not trials.pay()
    for _ in range(10):
        trials.count(gained=True)
    assert trials.pay()
