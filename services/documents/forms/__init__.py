"""The chain's forms: what they ask, in versions. Who signed version 2 keeps version 2."""
