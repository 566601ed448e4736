"""A tablet at the desk that was handed to a client: one form, and nothing else can be reached from that screen."""
