"""A campaign in the fields of its form, and back."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.web.forms import Form

EMPTY: dict[str, Any] = {
    "name": "",
    "entry": {"on": "now"},
    "audience": {},
    "steps": [{"do": "send", "channel": "email", "title": "", "text": ""}],
    "stops": [],
    "version": "",
}


def shown(found: dict[str, Any], zone: str) -> dict[str, Any]:
    """What the API says, as the form's fields hold it. Times are typed where the chain is."""
    entry, audience = found["entry"], found["audience"]
    values: dict[str, Any] = {"name": found["name"], "version": found["version"]}
    values |= {f"entry-{name}": entry.get(name, "") for name in ("on", "rule", "days", "event")}
    if entry.get("at"):
        at = datetime.fromisoformat(entry["at"]).astimezone(ZoneInfo(zone))
        values["entry-at"] = at.strftime("%Y-%m-%dT%H:%M")
    values |= {f"{name}[]": audience.get(name, []) for name in ("branch_ids", "tag_ids", "languages", "plan_ids")}
    values["audience-not_seen_days"] = audience.get("not_seen_days", "")
    values["booked"] = "true" if "booked" in found["stops"] else ""
    for number, step in enumerate(found["steps"]):
        values |= {f"steps-{number}-{name}": value for name, value in step.items()}
    return values


def document(form: Form, zone: str) -> dict[str, Any]:
    """What was typed, as the API takes it."""
    return {
        "name": form.get("name"),
        "entry": entry(form, zone),
        "audience": audience(form),
        "steps": [_step(form, number) for number in form.rows("steps")],
        "stops": ["booked"] if form.get("booked") == "true" else [],
    }


def entry(form: Form, zone: str) -> dict[str, Any]:
    on = form.get("entry-on")
    found: dict[str, Any] = {"on": on}
    if on == "at" and form.get("entry-at"):
        found["at"] = datetime.fromisoformat(form.get("entry-at")).replace(tzinfo=ZoneInfo(zone)).isoformat()
    if on == "daily":
        found["rule"] = form.get("entry-rule")
        if found["rule"] == "not_seen":
            found |= _whole("days", form.get("entry-days"))
    if on == "event":
        found["event"] = form.get("entry-event")
    return found


def audience(form: Form) -> dict[str, Any]:
    """Only what was chosen: the rest holds for everybody."""
    names = ("branch_ids", "tag_ids", "languages", "plan_ids")
    found: dict[str, Any] = {name: form.get(f"{name}[]") for name in names if form.get(f"{name}[]")}
    return found | _whole("not_seen_days", form.get("audience-not_seen_days"))


def _step(form: Form, number: int) -> dict[str, Any]:
    at = f"steps-{number}-"
    do = form.get(f"{at}do")
    if do != "send":
        listens = {name: form.get(f"{at}{name}") for name in ("event", "otherwise")} if do == "until" else {}
        return {"do": do} | listens | _whole("days", form.get(f"{at}days"))
    step = {"do": "send", "channel": form.get(f"{at}channel"), "text": form.get(f"{at}text").strip()}
    step["title"] = "" if step["channel"] == "sms" else form.get(f"{at}title").strip()
    return {name: value for name, value in step.items() if value or name == "title"}


def _whole(name: str, typed: Any) -> dict[str, Any]:
    """A number, what else was typed as it is for the API to refuse, nothing for nothing."""
    text = str(typed).strip()
    return {name: int(text) if text.isdecimal() else text} if text else {}
