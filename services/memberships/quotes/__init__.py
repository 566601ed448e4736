"""What an act would do, shown before it is done."""
