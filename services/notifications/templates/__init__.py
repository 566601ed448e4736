"""What messages say: the texts that come with the product, and those that the chain has written in their place."""
