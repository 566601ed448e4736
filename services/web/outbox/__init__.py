"""What would have gone out, as it would look, where no provider is set up."""
