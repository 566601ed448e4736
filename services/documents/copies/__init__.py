"""What documents keeps of clients, branches, employees and services, fed by their events."""
