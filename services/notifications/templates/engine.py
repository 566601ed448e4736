"""Renders a template that a person has written, without trusting it. Pure.

Three walls, one behind the other. A template may only name values, choose with `if`, repeat with one plain `for`, use
a few filters and `link(...)`: everything else is refused when it is saved, so that no text of it can compute for long
or reach an object. It runs in Jinja's immutable sandbox and sees nothing but text, numbers, truth and lists of text.
And what it writes is cut off at a size and at a time.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from shared import clock
from shared.words import Words

Plain = str | int | bool | None | list[str]
Values = Mapping[str, Plain]

TEXT, HTML, TEXT_OF_HTML = "text", "html", "text of html"
"""What a template writes. In the text of an HTML one, paragraphs have become lines: those behind a tag stay."""

LONGEST_TEMPLATE = 60_000
LONGEST_TEXT = 200_000
SECONDS = 0.2

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For, nodes.Filter,
    nodes.Call, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.CondExpr,
)  # fmt: skip
FILTERS = ("upper", "lower", "title", "capitalize", "trim", "length", "first", "last", "join", "default")

TOO_LONG = Words("The text is too long.")
BROKEN = Words("The template cannot be read: {reason} (line {line}).")
NOT_ALLOWED = Words("A template may not hold this: {what} (line {line}).")
NO_SUCH_VALUE = Words("There is no value called {name} in this message.")
NO_SUCH_LINK = Words("There is no link called {name}.")
NO_LINE_BREAK = Words("A subject is one line.")
CANNOT_BE_WRITTEN = Words("The template fails when it is filled in.")


class BadTemplate(Exception):
    """The template cannot be used, at all or for these values; the message is for the person who wrote it."""


def _shown(value: Any) -> Any:
    """What there is not is said by saying nothing."""
    return "" if value is None else value


def _shown_in_html(value: Any) -> Any:
    """The lines that a person wrote stay lines."""
    if isinstance(value, str) and "\n" in value:
        return Markup("<br>").join(value.splitlines())  # which escapes each
    return _shown(value)


def _environment(form: str) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=form == HTML,
        trim_blocks=form != TEXT_OF_HTML,
        lstrip_blocks=form != TEXT_OF_HTML,
        keep_trailing_newline=False,
        finalize=_shown_in_html if form == HTML else _shown,
    )
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {}
    made.globals = {}
    return made


ENVIRONMENTS = {form: _environment(form) for form in (TEXT, HTML, TEXT_OF_HTML)}


def check(source: str, *, names: set[str], links: set[str], form: str = TEXT) -> None:
    """Raises BadTemplate unless the template is one of those that may be saved."""
    if len(source) > LONGEST_TEMPLATE:
        raise BadTemplate(TOO_LONG.format())
    try:
        tree = ENVIRONMENTS[form].parse(source)
    except TemplateError as error:
        raise BadTemplate(BROKEN.format(reason=error.message, line=getattr(error, "lineno", 1))) from error
    _check(tree, names, links, loops=0)


def _check(node: nodes.Node, names: set[str], links: set[str], loops: int) -> None:
    for child in node.iter_child_nodes():
        inner, known = loops, names
        if not isinstance(child, ALLOWED):
            raise _not_allowed(child, type(child).__name__.lower())
        if isinstance(child, nodes.For):
            known, inner = _loop(child, names, loops), loops + 1
        elif isinstance(child, nodes.Filter) and child.name not in FILTERS:
            raise _not_allowed(child, child.name)
        elif isinstance(child, nodes.Call):
            _check_link(child, links)
            continue
        elif isinstance(child, nodes.Name) and child.ctx == "load" and child.name not in names:
            raise BadTemplate(NO_SUCH_VALUE.format(name=child.name))
        _check(child, known, links, inner)


def _loop(loop: nodes.For, names: set[str], loops: int) -> set[str]:
    """The names inside of it. A loop goes over a named list, and none stands in another."""
    plain = isinstance(loop.iter, nodes.Name) and isinstance(loop.target, nodes.Name)
    if loops or not plain or loop.recursive:
        raise _not_allowed(loop, "for")
    return names | {loop.target.name}  # type: ignore[attr-defined]


def _check_link(call: nodes.Call, links: set[str]) -> None:
    named = isinstance(call.node, nodes.Name) and call.node.name == "link"
    if not named or call.kwargs or len(call.args) != 1 or not isinstance(call.args[0], nodes.Const):
        raise _not_allowed(call, "()")
    if call.args[0].value not in links:
        raise BadTemplate(NO_SUCH_LINK.format(name=call.args[0].value))


def _not_allowed(node: nodes.Node, what: str) -> BadTemplate:
    return BadTemplate(NOT_ALLOWED.format(what=what, line=node.lineno))


@lru_cache(500)
def _compiled(source: str, form: str) -> Template:
    return ENVIRONMENTS[form].from_string(source)


def render(source: str, values: Values, link: Callable[[str], str], *, form: str = TEXT, line: bool = False) -> str:
    """The text with the values in it; as HTML they are escaped, and `line` refuses a line break.

    Raises BadTemplate for a value that is not there, and for what takes too long or grows too large.
    """
    _must_be_plain(values)
    parts: list[str] = []
    size, deadline = 0, clock.monotonic() + SECONDS
    try:
        for part in _compiled(source, form).generate(**values, link=link):
            parts.append(part)
            size += len(part)
            if size > LONGEST_TEXT or clock.monotonic() > deadline:
                raise BadTemplate(TOO_LONG.format())
    except UndefinedError as error:
        raise BadTemplate(str(error.message)) from error
    except BadTemplate:
        raise
    except Exception as error:  # whatever a filter makes of a value that is not of its kind
        raise BadTemplate(CANNOT_BE_WRITTEN.format()) from error
    text = "".join(parts)
    if line and any(mark in text for mark in "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"):
        raise BadTemplate(NO_LINE_BREAK.format())
    return text


def _must_be_plain(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        listed = value if type(value) is list else [value]
        if not all(type(each) in (str, int, bool, type(None)) for each in listed):
            raise TypeError(f"{name} is no plain value")


__all__ = ["HTML", "TEXT", "TEXT_OF_HTML", "BadTemplate", "Plain", "Values", "check", "render"]
