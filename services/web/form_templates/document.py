"""A form in the builder's fields, and back: questions in the order of the page, choices one on a line."""

from typing import Any

from services.web.forms import Form

LANGUAGES = ("es", "en")


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """What the API says of a form, as the builder's fields hold it."""
    values: dict[str, Any] = {
        "name": found["name"],
        "name_en": found["names"].get("en", ""),
        "valid_months": found["valid_months"] or "",
        "version": found["version"],
        "order[]": [str(number) for number in range(len(found["questions"]))],
    }
    for number, question in enumerate(found["questions"]):
        for name, value in _question(question).items():
            values[f"questions-{number}-{name}"] = value
    return values


def _question(question: dict[str, Any]) -> dict[str, Any]:
    condition = question["shown_if"] or {}
    values = {
        "key": question["key"],
        "type": question["type"],
        "required": "true" if question["required"] else "",
        "profile": question["profile"] or "",
        "updates_profile": "true" if question["updates_profile"] else "",
        "image_id": question["image_id"] or "",
        "if_question": condition.get("question", ""),
        "if_answer": condition.get("answer", ""),
    }
    for language in LANGUAGES:
        values[f"label_{language}"] = question["label"].get(language, "")
        values[f"help_{language}"] = question["help"].get(language, "")
        options = [option["label"].get(language, "") for option in question["options"]]
        values[f"options_{language}"] = "\n".join(options).rstrip("\n")
    return values


def document(form: Form) -> dict[str, Any]:
    """What was typed, as the API takes it."""
    months = str(form.get("valid_months")).strip()
    return {
        "name": form.get("name"),
        "names": {"en": form.get("name_en").strip()} if form.get("name_en").strip() else {},
        "valid_months": (int(months) if months.isdecimal() else months) if months else None,
        "questions": questions(form),
    }


def questions(form: Form) -> list[dict[str, Any]]:
    return [_asked(form, number) for number in form.get("order[]", [])]


def _asked(form: Form, number: str) -> dict[str, Any]:
    def typed(name: str) -> str:
        return str(form.get(f"questions-{number}-{name}")).strip()

    kind = typed("type")
    chosen = kind in ("choice", "choices")
    condition = {"question": typed("if_question"), "answer": typed("if_answer")}
    of_profile = typed("profile") if kind in ("text", "date") else ""
    return {
        "key": typed("key"),
        "type": kind,
        "label": _said({language: typed(f"label_{language}") for language in LANGUAGES}),
        "help": _said({language: typed(f"help_{language}") for language in LANGUAGES}),
        "required": typed("required") == "true" and kind not in ("heading", "image"),
        "options": _options(typed("options_es"), typed("options_en")) if chosen else [],
        "shown_if": condition if condition["question"] else None,
        "profile": of_profile or None,
        "updates_profile": bool(of_profile) and typed("updates_profile") == "true",
        "image_id": typed("image_id") or None if kind == "image" else None,
    }


def _options(spanish: str, english: str) -> list[dict[str, Any]]:
    """The n-th line of each language is the n-th choice."""
    first, second = spanish.splitlines(), english.splitlines()
    count = max(len(first), len(second))
    pairs = [(_line(first, n), _line(second, n)) for n in range(count)]
    said = [_said({"es": es, "en": en}) for es, en in pairs]
    return [{"key": f"o{number}", "label": label} for number, label in enumerate(said, 1) if label]


def _line(lines: list[str], number: int) -> str:
    return lines[number].strip() if number < len(lines) else ""


def _said(texts: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def place_errors(form: Form) -> None:
    """Messages come by a question's place; the page knows it by its number. All of one question stand together."""
    placed: dict[str, list[str]] = {}
    numbers = form.get("order[]", [])
    for name, texts in form.errors.items():
        parts = name.split("-")
        if parts[0] == "questions" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(numbers):
            placed.setdefault(f"questions-{numbers[int(parts[1])]}", []).extend(texts)
        else:
            placed[name] = texts
    form.errors = placed
