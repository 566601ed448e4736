"""Two people tick tags of one client at once."""

from services.web.tags.views import merged


def test_what_somebody_else_ticked_meanwhile_stays_ticked_and_what_they_unticked_stays_away():
    assert merged(["theirs", "b"], had=["a", "b"], ticked=["a", "b", "mine"]) == ["b", "mine", "theirs"]


def test_what_i_untick_goes_although_somebody_else_saved_meanwhile():
    assert merged(["a", "b", "theirs"], had=["a", "b"], ticked=["b"]) == ["b", "theirs"]
