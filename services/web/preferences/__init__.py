"""How a client wants to be spoken to: the tab *Preferencias*."""
