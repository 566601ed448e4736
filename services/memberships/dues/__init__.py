"""What a member owes on a day: a period, a fee; how it is paid, and who still owes."""
