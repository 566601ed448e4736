"""The tables that every service has, and how a service's own chain of migrations is run."""
