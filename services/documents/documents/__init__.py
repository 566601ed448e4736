"""Files of clients: what each is, who may see it, and who opened it."""
