"""SMS by Twilio's HTTP API, and what it tells."""
