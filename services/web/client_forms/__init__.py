"""A client's forms, in the tab *Archivos*."""
