"""The events of the directory: branches, employees, the menu, sign-in."""

from marshmallow import fields, validate

from shared.contracts.contract import PERSONAL, Contract, Payload
from shared.contracts.platform import erasure_completed

BRANCH = "0197a3c4-5a00-7000-8000-00000000000b"
EMPLOYEE = "0197a3c4-5a00-7000-8000-00000000000e"
SERVICE = "0197a3c4-5a00-7000-8000-000000000005"


class Branch(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True, metadata={"description": "ISO 3166-1 alpha-2"})
    time_zone = fields.String(required=True, metadata={"description": "IANA name"})
    currency = fields.String(required=True, metadata={"description": "ISO 4217"})
    language = fields.String(required=True, metadata={"description": "BCP 47"})
    weight_unit = fields.String(required=True, validate=validate.OneOf(["kg", "lb"]))
    active = fields.Boolean(required=True)


class BranchChanged(Branch):
    changed = fields.List(fields.String(), required=True)


_branch = {
    "id": BRANCH,
    "name": "Salamanca",
    "country": "ES",
    "time_zone": "Europe/Madrid",
    "currency": "EUR",
    "language": "es",
    "weight_unit": "kg",
    "active": True,
}

BRANCH_ADDED = Contract("directory.branch.added.v1", Branch, "The chain has a new branch.", _branch)
BRANCH_CHANGED = Contract(
    "directory.branch.changed.v1",
    BranchChanged,
    "A branch changed, or was closed or opened again (`active`).",
    _branch | {"changed": ["name"]},
)
BRANCH_STATED = Contract(
    "directory.branch.stated.v1", Branch, "A branch as it is now, for copies to be filled.", _branch
)


class Employee(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata=PERSONAL)
    branch_ids = fields.List(fields.UUID(), required=True)
    active = fields.Boolean(required=True)


class EmployeeChanged(Employee):
    changed = fields.List(fields.String(), required=True)


_employee = {"id": EMPLOYEE, "name": "Lucía Ortega", "branch_ids": [BRANCH], "active": True}

EMPLOYEE_ADDED = Contract("directory.employee.added.v1", Employee, "A person works for the chain.", _employee)
EMPLOYEE_CHANGED = Contract(
    "directory.employee.changed.v1",
    EmployeeChanged,
    "An employee's name, branches or activity changed.",
    _employee | {"changed": ["branch_ids"]},
)
EMPLOYEE_STATED = Contract(
    "directory.employee.stated.v1", Employee, "An employee as of now, for copies to be filled.", _employee
)


class Price(Payload):
    branch_id = fields.UUID(required=True)
    amount = fields.Integer(required=True, strict=True, metadata={"description": "in the currency's minor units"})
    currency = fields.String(required=True)


class Service(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    duration_minutes = fields.Integer(required=True, strict=True)
    prices = fields.List(fields.Nested(Price), required=True)
    active = fields.Boolean(required=True)


class ServiceChanged(Service):
    changed = fields.List(fields.String(), required=True)


_service = {
    "id": SERVICE,
    "name": "Corte y peinado",
    "category": "Peluquería",
    "duration_minutes": 45,
    "prices": [{"branch_id": BRANCH, "amount": 3500, "currency": "EUR"}],
    "active": True,
}

SERVICE_ADDED = Contract("directory.service.added.v1", Service, "The menu has a new service.", _service)
SERVICE_CHANGED = Contract(
    "directory.service.changed.v1",
    ServiceChanged,
    "A service on the menu changed, or was taken off it (`active`).",
    _service | {"changed": ["prices"]},
)
SERVICE_STATED = Contract(
    "directory.service.stated.v1", Service, "A service as it is now, for copies to be filled.", _service
)


class Role(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)


_role = {"id": EMPLOYEE, "name": "Recepción", "permissions": ["clients.read", "clients.write"]}


class RoleChanged(Role):
    changed = fields.List(fields.String(), required=True)


class Nothing(Payload):
    """The subject says it all."""


ROLE_ADDED = Contract("directory.role.added.v1", Role, "The chain has a new role.", _role)
ROLE_CHANGED = Contract(
    "directory.role.changed.v1",
    RoleChanged,
    "A role was renamed, or what it may do changed.",
    _role | {"changed": ["permissions"]},
)
ROLE_REMOVED = Contract("directory.role.removed.v1", Nothing, "A role that nobody held is gone.", {})
ROLE_STATED = Contract("directory.role.stated.v1", Role, "A role as it is now, for copies to be filled.", _role)


class Machine(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)


class MachineChanged(Machine):
    changed = fields.List(fields.String(), required=True)


_machine = {"id": EMPLOYEE, "name": "Reservas", "permissions": ["bookings.check"], "active": True}

MACHINE_ADDED = Contract("directory.machine.added.v1", Machine, "Another system may call our APIs.", _machine)
MACHINE_CHANGED = Contract(
    "directory.machine.changed.v1",
    MachineChanged,
    "What a machine may do changed, or it was shut out (`active`), or has a new secret.",
    _machine | {"changed": ["permissions"]},
)


class SessionEnded(Payload):
    session_id = fields.UUID(required=True)


SESSION_ENDED = Contract(
    "directory.session.ended.v1",
    SessionEnded,
    "A session was ended: its tokens are refused from now on, although they have not expired.",
    {"session_id": EMPLOYEE},
)

ERASURE_COMPLETED = erasure_completed("directory")
