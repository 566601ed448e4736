"""The sections that the clients service owns: the chain's lists of statuses and referral methods."""

from typing import Any

from flask_babel import gettext as _

from services.web.backend import Refused, everything
from services.web.forms import Form
from services.web.lists import said
from services.web.settings.section import Column, Row, Section, whole

OTHER_LANGUAGE = "es"
"""A list's names are written in English and, for the reader of Spanish, once more."""


class ChainList(Section):
    """What both lists do alike: names in two languages, a place in the order."""

    service = "clients"
    writes = "clients.lists.write"

    def row(self, row_id: str) -> dict[str, Any]:
        """The API lists them and has no door to one."""
        found = next((row for row in everything(self.service, self.path) if row["id"] == row_id), None)
        if found is None:
            raise Refused(404)
        return dict(found)

    def form(self, row: Row) -> Form:
        return Form({**dict(row), "names": "", "names-es": (row.get("names") or {}).get(OTHER_LANGUAGE, "")})

    def document(self, form: Form) -> dict[str, Any]:
        spanish = form.get("names-es").strip()
        return {
            "name": form.get("name"),
            "names": {OTHER_LANGUAGE: spanish} if spanish else {},
            "position": whole(form.get("position")) if form.get("position") != "" else 100,
        }


class Statuses(ChainList):
    key, icon, path = "statuses", "circle-half", "clients/statuses"

    def title(self) -> str:
        return _("Statuses")

    def about(self) -> str:
        return _("The statuses that a client may have, in the order of the picker.")

    def one(self) -> str:
        return _("Add status")

    def consequence(self) -> str:
        return _("It can no longer be chosen. Clients who have it keep it.")

    def columns(self) -> list[Column]:
        return [
            Column("name", _("Name"), said),
            Column("position", _("Order"), lambda row: str(row["position"]), lambda row: row["position"]),
        ]

    def document(self, form: Form) -> dict[str, Any]:
        return super().document(form) | {"colour": form.get("colour") or "#6c757d"}


class ReferralMethods(ChainList):
    key, icon, path = "referral-methods", "signpost-2", "clients/referral-methods"

    def title(self) -> str:
        return _("Referral methods")

    def about(self) -> str:
        return _("How clients come to the chain, in the order of the picker.")

    def one(self) -> str:
        return _("Add referral method")

    def consequence(self) -> str:
        return _("It can no longer be chosen. Clients who came that way keep it.")

    def columns(self) -> list[Column]:
        return [
            Column("name", _("Name"), said),
            Column("by_client", _("Asks for the client"), lambda row: _("Yes") if row["by_client"] else ""),
            Column("position", _("Order"), lambda row: str(row["position"]), lambda row: row["position"]),
        ]

    def document(self, form: Form) -> dict[str, Any]:
        return super().document(form) | {"by_client": form.get("by_client") == "true"}
