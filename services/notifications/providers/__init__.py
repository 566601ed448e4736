"""The ways out of the house, one small port for all: SMTP, Twilio, Web Push, and the outbox that shows what it got."""
