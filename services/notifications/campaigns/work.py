"""What the worker does for campaigns."""

from services.notifications.campaigns.running import finish, go_on, let_in
from shared.roles import Duty

DUTIES = [
    Duty("campaigns.let_in", 2.0, let_in),
    Duty("campaigns.go_on", 2.0, go_on),
    Duty("campaigns.finish", 5.0, finish),
]
