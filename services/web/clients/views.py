"""Clients: found by the search box of every page, listed with filters, added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _

from services.web.backend import ask, tell
from services.web.contact_details.document import client_document, form_numbers
from services.web.forms import Form
from services.web.language import phone
from services.web.lists import branch_of, branches, named, options, read_out, statuses, tags
from services.web.pages import show
from services.web.people import primary, whole_name
from services.web.recent import recent
from services.web.wire import done, is_htmx

room = Blueprint("clients", __name__)

MOST_FOUND = 8
FILTERS = ("search", "branch_id", "status", "tag_id")
NEWEST = "-registered"


@room.get("/")
def home() -> Response:
    return page()


@room.get("/clients")
def page() -> Response:
    """The list; to a filter or to "more" it answers with the rows alone."""
    asked: dict[str, Any] = {name: request.args.get(name, "").strip() for name in FILTERS}
    orders = _orders()
    asked["sort"] = sort if (sort := request.args.get("sort", "")) in dict(orders) else NEWEST
    cursor = request.args.get("cursor")
    found = ask("clients", "clients", **asked, cursor=cursor, limit=25)
    all_statuses, all_branches = statuses(), branches()
    more = found["next_cursor"] and url_for("clients.page", **asked, cursor=found["next_cursor"])
    template = "clients/page.html" if not is_htmx() else "clients/rows.html" if cursor else "clients/list.html"
    return show(
        template,
        clients=[_line(client, {status["id"]: status for status in all_statuses}, named(all_branches))
                 for client in found["items"]],
        more=more,
        form=Form(asked),
        filtered=any(asked[name] for name in FILTERS),
        orders=orders,
        order=Order(asked["sort"], asked),
        zone=branch_of(None)["time_zone"],
        statuses=options(all_statuses),
        branches=options(all_branches),
        tags=options(tags(), asked["tag_id"]),
    )  # fmt: skip


@room.get("/clients/find")
def find() -> Response:
    """What the search box shows while one types; the clients opened last while it is empty."""
    search = request.args.get("search", "").strip()
    if search:
        items = ask("clients", "clients", search=search, limit=MOST_FOUND)["items"]
        clients = [
            {"id": each["id"], "name": whole_name(each), "more": reached(each), "tags": read_out(each["tags"])}
            for each in items
        ]
    else:
        clients = recent()
    return show("clients/found.html", clients=clients, search=search, picker=request.args.get("picker"))


@room.get("/clients/new")
def new() -> Response:
    own = g.person.branch_ids
    form = Form({"preferred_branch_id": own[0] if len(own) == 1 else ""})
    return show("clients/new.html", form=form, branches=options(branches()), duplicates=[])


@room.post("/clients/new")
def add() -> Response:
    form = Form.sent()
    with form.attempt():
        made = tell("POST", "clients", "clients", client_document(form), force="true" if form.get("force") else None)
        return done(_("The client was added."), go=url_for("profile.page", client_id=made["id"]))
    form_numbers(form)
    duplicates = form.problem.get("duplicates", []) if form.status == 409 else []
    if duplicates:
        form.alert = ""
    return show("clients/new_form.html", form.status, form=form, branches=options(branches()), duplicates=duplicates)


@dataclass(frozen=True)
class Order:
    """By what the list is sorted, and the addresses of the same list in other orders."""

    sort: str
    asked: Mapping[str, Any]

    def of(self, name: str) -> str | None:
        """ascending, descending, or None when it is sorted by something else."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort)

    def address(self, name: str) -> str:
        """By that: names from A, times from the newest; what is sorted so already, the other way round."""
        first, second = (name, f"-{name}") if name == "name" else (f"-{name}", name)
        asked = {**self.asked, "sort": second if self.sort == first else first}
        return url_for("clients.page", **asked)


def _orders() -> list[tuple[str, str]]:
    """For the picker, where there is no room for headings."""
    return [
        ("-registered", _("Newest first")),
        ("registered", _("Oldest first")),
        ("name", _("By name, A to Z")),
        ("-name", _("By name, Z to A")),
        ("-changed", _("Last changed first")),
        ("changed", _("Last changed at the end")),
    ]


def reached(client: dict[str, Any]) -> str:
    """How the client is told from another of the same name."""
    number, address = primary(client.get("phones", [])), primary(client.get("emails", []))
    ways = [phone(number["number"]) if number else "", address["address"] if address else ""]
    return " · ".join(filter(None, ways))


def _line(client: dict[str, Any], statuses: dict[str, Any], branches: dict[str, str]) -> dict[str, Any]:
    number, address = primary(client.get("phones", [])), primary(client.get("emails", []))
    return {
        **client,
        "name": whole_name(client),
        "phone": phone(number["number"]) if number else "",
        "email": address["address"] if address else "",
        "status": statuses.get(client["status_id"]),
        "tags": read_out(client["tags"]),
        "branch": branches.get(client.get("preferred_branch_id") or "", ""),
    }
