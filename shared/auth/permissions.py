"""Every permission of the house, in a person's words. A permission names an act; a role is a set of them."""

from shared.words import Words

PERMISSIONS: dict[str, Words] = {
    "clients.read": Words("See clients"),
    "clients.write": Words("Add clients and change their contact details"),
    "clients.status.write": Words("Change a client's status"),
    "clients.weight.read": Words("See a client's weight"),
    "clients.weight.write": Words("Record a client's weight"),
    "clients.booking_block.write": Words("Put a client on the appointment black list and take them off it"),
    "clients.dislikes.write": Words("Keep the services that a client must never be booked for"),
    "clients.lists.write": Words("Keep the chain's lists of statuses and referral methods"),
    "clients.export": Words("Export clients"),
    "bookings.check": Words("Ask whether a client may book"),
    "memberships.read": Words("See memberships, payments, credits and cards on file"),
    "memberships.write": Words("Sell memberships and change their card, date and note"),
    "memberships.date.write": Words("Move a payment date by more than one interval"),
    "memberships.freeze": Words("Freeze memberships"),
    "memberships.plan.change": Words("Change a member's plan"),
    "memberships.cancel": Words("Cancel memberships"),
    "memberships.waive_fee": Words("Waive a cancellation fee"),
    "memberships.process": Words("Take a payment by hand"),
    "memberships.settle": Words("Take a payment at the desk"),
    "memberships.write_off": Words("Write off what a member owes"),
    "memberships.refund": Words("Refund a payment"),
    "memberships.cards.write": Words("Keep cards on file"),
    "memberships.credits.write": Words("Change and add credits"),
    "memberships.credits.use": Words("Hold, use and release credits"),
    "memberships.plans.write": Words("Change plans and move members to new terms"),
    "memberships.policies.write": Words("Change the rules of billing"),
    "memberships.billing": Words("See what is due and stuck, and confirm what waits"),
    "gift_cards.read": Words("See gift cards"),
    "gift_cards.sell": Words("Sell gift cards"),
    "gift_cards.redeem": Words("Look up gift cards by their code and redeem them"),
    "gift_cards.manage": Words("Refund, block, extend and adjust gift cards"),
    "balances.read": Words("See account balances"),
    "balances.write": Words("Add to account balances and subtract from them"),
    "balances.overdraw": Words("Bring an account balance below zero"),
    "directory.read": Words("See branches, employees, services and roles"),
    "directory.branches.write": Words("Change branches"),
    "directory.employees.write": Words("Add employees, change them and give them roles"),
    "directory.menu.write": Words("Change the services on offer and their prices"),
    "directory.roles.write": Words("Change roles and what they may do"),
    "directory.machines.write": Words("Let other systems in and keep them out"),
    "directory.sessions.open": Words("Sign people in for the console and the portal"),
    "audit.read": Words("See who changed what"),
}


def known(permissions: list[str]) -> list[str]:
    """Those that this release knows, in the order of the list above."""
    return [name for name in PERMISSIONS if name in permissions]
