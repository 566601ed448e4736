"""The pages that a message may lead to: no template holds an address of its own. Pure."""

from shared.words import Words

LINKS: dict[str, tuple[str, Words]] = {
    "portal": ("/portal", Words("The portal")),
    "cards": ("/portal/cards", Words("Cards, to add another")),
    "payments": ("/portal/payments", Words("Payments")),
    "memberships": ("/portal/memberships", Words("Memberships")),
    "forms": ("/portal/forms", Words("Forms to fill in")),
    "documents": ("/portal/documents", Words("Documents")),
    "preferences": ("/portal/preferences", Words("How to be spoken to")),
}


def link_on(base_url: str):
    """A function from a link's name to its address."""

    def link(name: str) -> str:
        return base_url + LINKS[name][0]

    return link
