"""From a committed row to an effect in another service: outbox, relay, transport, consumer, inbox, reactions."""
