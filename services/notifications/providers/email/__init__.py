"""E-mail by SMTP, and what comes back about it."""
