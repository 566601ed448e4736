"""Two people, one client: no field of either is lost unless somebody decides so."""

from hypothesis import given
from hypothesis import strategies as st

from services.web.conflict import merge
from services.web.contact_details.document import plain

NAMES = ("first_name", "last_name", "language")
VALUES = st.sampled_from(["", "a", "b", "c"])
DOCUMENT = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


def entry(before, after):
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    return {"actor_name": "Lucía", "changes": changes}


@given(base=DOCUMENT, between=DOCUMENT, theirs=DOCUMENT, mine=DOCUMENT)
def test_every_field_is_mine_theirs_or_asked_about(base, between, theirs, mine):
    merged = merge(mine, theirs, [entry(base, between), entry(between, theirs)])
    asked = {conflict.field for conflict in merged.conflicts}
    for name in NAMES:
        i_changed, they_changed = mine[name] != base[name], theirs[name] != base[name]
        if i_changed and they_changed and mine[name] != theirs[name]:
            assert name in asked
            assert merged.document[name] == mine[name]
        elif i_changed:
            assert merged.document[name] == mine[name]
        else:
            assert merged.document[name] == theirs[name]


def test_a_field_that_they_changed_and_changed_back_is_no_conflict():
    base, other = {"last_name": "a"}, {"last_name": "b"}
    merged = merge({"last_name": "mine"}, base, [entry(base, other), entry(other, base)])
    assert merged.document == {"last_name": "mine"}


def test_spaces_in_a_telephone_number_are_no_difference():
    stored = [{"number": "+34612345678", "type": "mobile", "primary": True}]
    typed = [{"number": "+34 612 34 56 78", "type": "mobile", "primary": True}]
    assert plain("phones", typed) == plain("phones", stored)
    assert plain("phones", typed) != plain("phones", [stored[0] | {"number": "+34612345679"}])


def test_empty_and_none_are_the_same():
    assert plain("birth_date", None) == plain("birth_date", "")
    assert plain("address", None) == plain("address", None)
