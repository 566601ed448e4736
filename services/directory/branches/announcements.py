"""Branches as they are, for copies to be filled."""

from services.directory.announcing import announcement
from services.directory.branches.models import Branch
from shared.contracts.directory import BRANCH_STATED

ANNOUNCEMENTS = [announcement("branch", BRANCH_STATED, Branch)]
