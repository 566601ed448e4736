"""The default without any account: a message counts as sent, and the console shows it as it would look."""

from services.notifications.providers.port import Outcome, Outgoing, Sent


class Outbox:
    name = "outbox"
    repeats = True

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, message: Outgoing) -> Outcome:
        return Sent(str(message.id), "delivered")

    def find(self, message: Outgoing) -> Outcome | None:
        return None

    def close(self) -> None: ...
