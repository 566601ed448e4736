"""What the worker does for campaigns."""

from services.notifications.campaigns.halting import let_go
from services.notifications.campaigns.running import finish, let_in
from services.notifications.campaigns.stepping import go_on
from shared.roles import Duty

DUTIES = [
    Duty("campaigns.let_in", 2.0, let_in),
    Duty("campaigns.go_on", 2.0, go_on),
    Duty("campaigns.let_go", 2.0, let_go),
    Duty("campaigns.finish", 5.0, finish),
]
