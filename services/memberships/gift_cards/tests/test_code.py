"""A code is read as people type it, and typing errors are found before anybody looks."""

from hypothesis import given
from hypothesis import strategies as st

from services.memberships.gift_cards.code import ALPHABET, LENGTH, digest, make, read, spaced

LOOK_ALIKES = ("0O", "1IL", "2Z", "5S", "6G", "8B", "UV")
codes = st.text(min_size=1).map(lambda seed: make(b"secret", seed))


def test_the_alphabet_has_no_two_that_look_alike() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 23
    assert all(len(set(group) & set(ALPHABET)) <= 1 for group in LOOK_ALIKES)


@given(codes)
def test_a_code_is_read_back_however_it_is_typed(code: str) -> None:
    assert len(code) == LENGTH
    assert read(code) == read(spaced(code)) == read(f" {spaced(code).lower().replace('-', ' ')} ") == code


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert read(wrong) == (code if wrong == code else None)


@given(codes, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_any_two_that_changed_places_are_found(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    wrong = "".join(letters)
    assert read(wrong) == (code if wrong == code else None)


def test_a_code_hangs_on_the_secret_and_the_seed_and_what_is_kept_on_the_secret() -> None:
    assert make(b"secret", "a") == make(b"secret", "a")
    assert len({make(b"secret", "a"), make(b"secret", "b"), make(b"other", "a")}) == 3
    assert digest(b"secret", "X") != digest(b"other", "X")
    assert [read(typed) for typed in ("", "-" * 16, "0" * 16, "é" * 16, "3" * 15)] == [None] * 5
