"""A gateway to try Foyer with: a process of its own, with its own book and cards that behave as their names say.

It is no part of what an installation trusts: it is spoken to over HTTP like any gateway, and knows nothing of ours.
"""
