"""When messages may ring, how many advertise, who writes: the chain's rules and a branch's own."""
