import itertools

import pytest

from shared.testing.eventually import NotWithin, eventually


def test_it_returns_what_the_check_found():
    attempts = itertools.count()
    assert eventually(lambda: next(attempts) >= 3 and "found") == "found"


def test_a_check_that_only_asserts_holds_as_soon_as_it_passes():
    attempts = itertools.count()

    def third_time():
        assert next(attempts) >= 2

    eventually(third_time)
    assert next(attempts) == 3


def test_an_empty_answer_means_not_yet():
    answers = iter([[], 0, False, ["a row"]])
    assert eventually(lambda: next(answers)) == ["a row"]


def test_past_the_deadline_the_last_failure_is_told():
    def never():
        assert 1 == 2, "one is not two"

    with pytest.raises(NotWithin, match=r"not within 0.05 s .*one is not two") as raised:
        eventually(never, within=0.05)
    assert isinstance(raised.value.__cause__, AssertionError)


def test_a_check_that_breaks_is_raised_at_once():
    with pytest.raises(KeyError):
        eventually(lambda: dict[str, str]()["missing"], within=60)
