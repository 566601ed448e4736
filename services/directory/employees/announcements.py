"""Employees as they are, for copies to be filled."""

from services.directory.announcing import announcement
from services.directory.employees.models import Employee
from shared.contracts.directory import EMPLOYEE_STATED

ANNOUNCEMENTS = [announcement("employee", EMPLOYEE_STATED, Employee)]
