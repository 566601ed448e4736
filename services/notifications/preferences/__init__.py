"""How clients want to be spoken to, and every change of it."""
