"""Forms over JSON: names, messages, rows."""

from services.web.forms import Form, as_row_numbers, flat, messages, nested


def test_a_name_says_the_way_through_the_json_and_back():
    document = {"first_name": "Ana", "phones": [{"number": "1"}, {"number": "2"}], "address": {"lines": ["a", "b"]}}
    assert nested(dict(flat(document))) == document


def test_rows_keep_their_order_when_one_was_taken_away():
    assert nested({"phones-7-number": "b", "phones-2-number": "a"}) == {"phones": [{"number": "a"}, {"number": "b"}]}


def test_messages_find_the_row_they_are_about_although_its_number_in_the_form_is_another():
    found = messages({"phones": {"1": {"number": ["Wrong."]}}, "first_name": ["Needed."]})
    assert as_row_numbers(found, "phones", [2, 7]) == {"phones-7-number": ["Wrong."], "first_name": ["Needed."]}


def test_what_is_none_shows_as_empty_and_zero_as_zero():
    form = Form.of({"language": None, "position": 0})
    assert (form.get("language"), form.get("position")) == ("", 0)
