"""A client's cards on file, and adding one."""
