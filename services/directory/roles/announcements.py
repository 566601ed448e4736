"""Roles as they are, for copies to be filled."""

from services.directory.announcing import announcement
from services.directory.roles.models import Role
from shared.contracts.directory import ROLE_STATED

ANNOUNCEMENTS = [announcement("role", ROLE_STATED, Role)]
