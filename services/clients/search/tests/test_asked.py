"""What was typed, read."""

import pytest

from services.clients.search.asked import one_letter_off, read


@pytest.mark.parametrize(
    ("typed", "beginnings"),
    [
        ("mar", ("nmar", "emar")),
        ("GARCÍA", ("ngarcia", "egarcia")),
        ("O'Neill", ("noneill", "eo'neill")),
        ("maria.lo", ("nmarialo", "emaria.lo")),
        ("Maria@Ex", ("emaria@ex",)),
        ("612 34", ("p61234", "b43216")),
        ("345678", ("p345678", "b876543")),
        ("+34 612", ("p612", "b21643")),
        ("0034612", ("p612", "b21643")),
        ("(305) 555-01", ("p30555501", "b10555503")),
        ("078", ("p78",)),
        ("6", ("p6",)),
    ],
)
def test_one_word_a_number_or_an_address_is_the_beginning_of_a_key(typed: str, beginnings: tuple[str, ...]) -> None:
    assert read(typed).beginnings == beginnings


def test_several_words_must_all_be_there_and_mean_only_themselves() -> None:
    assert read("López  mar_a").parts == ("% lopez%", "% mar%", "% a%")
    assert read("ana 612").parts == ("% ana%", "%612%")
    assert read("100% ana").parts == ("% 100\\%%", "% ana%")


@pytest.mark.parametrize("typed", ["", " ", "'", "+", "...", "%", "( )", "\U0010ffff", "@"])
def test_what_means_nothing_is_no_mistake_and_asks_for_nobody_in_particular(typed: str) -> None:
    found = read(typed)
    assert "%" not in found.parts and "%%" not in found.parts  # which everybody would have
    assert all(found.beginnings)


@pytest.mark.parametrize("error", ["gracia", "garcai", "gacia", "garrcia", "garxia", "garci", "arcia"])
def test_one_error_is_found_whatever_its_kind(error: str) -> None:
    assert "garcia" in one_letter_off(error)
