"""The tags of a client, in a dialog over the profile."""
