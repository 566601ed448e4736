"""Services that a client has bought ahead (P45): the same ledger as the credits of memberships."""
