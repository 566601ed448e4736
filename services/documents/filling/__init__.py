"""A form being filled in and signed (P17): in the portal, from a link, or on a tablet that staff has handed over."""
