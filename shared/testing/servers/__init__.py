"""Real servers for the tests: PostgreSQL and RabbitMQ, from containers or from this machine's own programs."""
