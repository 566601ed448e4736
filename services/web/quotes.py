"""Acts that show what they will do before they do it: the form, then the quote, then the act.

The quote's page holds the form in hidden fields, so nothing can differ from what was shown, and going back loses
nothing. When something has changed meanwhile, the service does nothing and answers a new quote, which is shown instead.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from services.web.backend import tell
from services.web.forms import Form

Quote = dict[str, Any]
BACK, QUOTE, DO = "back", "quote", "do"


def two_steps(
    form: Form,
    act: str,
    inputs: Callable[[], Mapping[str, Any]],
    do: Callable[[str], Response],
    again: Callable[[], Response],
    shown: Callable[[Quote], Response],
) -> Response:
    """`inputs` is what the act takes, `do` does it by the quote's id; `again` draws the form, `shown` the quote."""
    kept = form.values.pop(QUOTE, None)
    wanted = form.values.pop(DO, None)
    if form.values.pop(BACK, None):
        return again()
    if not (wanted and kept):
        return _ask(form, act, inputs, again, shown)
    with form.attempt():
        return do(json.loads(kept)["id"])
    if form.problem.get("code") == "quote_changed" and "quote" in form.problem:
        return shown(_keep(form, form.problem["quote"]))
    if form.status == 503 or form.problem.get("code") == "in_progress":
        return shown(_keep(form, json.loads(kept)))
    return again()


def _ask(
    form: Form,
    act: str,
    inputs: Callable[[], Mapping[str, Any]],
    again: Callable[[], Response],
    shown: Callable[[Quote], Response],
) -> Response:
    with form.attempt():
        return shown(_keep(form, quote(act, inputs())))
    return again()


def quote(act: str, inputs: Mapping[str, Any]) -> Quote:
    """What the act would do now. Raises Refused."""
    found: Quote = tell("POST", "memberships", "memberships/quotes", {"act": act, **inputs})
    return found


def _keep(form: Form, made: Quote) -> Quote:
    form.values[QUOTE] = json.dumps(made)
    return made
