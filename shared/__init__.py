"""What every service of Foyer needs, once. Knows no service: nothing here imports from `services`."""
