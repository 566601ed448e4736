"""Services on offer as they are, for copies to be filled."""

from services.directory.announcing import announcement
from services.directory.menu.models import Service
from shared.contracts.directory import SERVICE_STATED

ANNOUNCEMENTS = [announcement("service", SERVICE_STATED, Service)]
