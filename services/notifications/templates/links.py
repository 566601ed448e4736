"""The pages that a message may lead to: no template holds an address of its own. Pure."""

from collections.abc import Callable

LINKS: dict[str, str] = {
    "portal": "/portal",
    "cards": "/portal/cards",
    "payments": "/portal/memberships",
    "memberships": "/portal/memberships",
    "forms": "/portal/forms",
    "documents": "/portal/documents",
    "preferences": "/portal/preferences",
}


def link_on(base_url: str) -> Callable[[str], str]:
    """A function from a link's name to its address."""

    def link(name: str) -> str:
        return base_url + LINKS[name]

    return link
