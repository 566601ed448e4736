"""Somebody else saved first: what both changed is asked, field by field, on the form that was sent.

The names of the choices, `choice-<field>`, are those of `templates/conflict.html`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.web.conflict import Merged
from services.web.forms import Form
from services.web.wording import doer


@dataclass(frozen=True)
class Question:
    """One field that both changed."""

    label: str
    by: str
    at: str
    value: str
    """Theirs, in words."""


@dataclass(frozen=True)
class Collision:
    """What is said above the form, and asked beside its fields."""

    others: Sequence[str] = ()
    """Who saved meanwhile."""
    taken_over: Sequence[str] = ()
    """The labels of what only they changed."""
    questions: Mapping[str, Question] | None = None
    """By field."""


NONE = Collision()


def collision(
    merged: Merged,
    entries: Sequence[dict[str, Any]],
    label: Callable[[str], str],
    said: Callable[[str, Any], str],
) -> Collision:
    """`entries` is what was changed meanwhile; `label` and `said` put a field and its value into words."""
    return Collision(
        others=sorted({doer(entry) for entry in entries}),
        taken_over=[label(field) for field in merged.taken_over],
        questions={
            theirs.field: Question(
                label(theirs.field), doer(dict(theirs.entry)), theirs.entry["at"], said(theirs.field, theirs.value)
            )
            for theirs in merged.conflicts
        },
    )


def takes_theirs(form: Form, field: str) -> bool:
    return bool(form.get(f"choice-{field}") == "theirs")


def kept(form: Form, document: Mapping[str, Any]) -> dict[str, Any]:
    """What of my document is sent: not the fields where I take theirs, which are stored already."""
    return {field: value for field, value in document.items() if not takes_theirs(form, field)}


def redrawn(sent: Form, fresh: Form, status: int, version: Any) -> Form:
    """The form that was sent with what it shows now, on the version that is stored."""
    sent.values = {**fresh.values, "version": version}
    sent.status = status
    return sent
