"""Web Push to the browsers of the portal."""
