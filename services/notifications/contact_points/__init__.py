"""The addresses and numbers at which clients are reached, fed by their events."""
