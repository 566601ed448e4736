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
