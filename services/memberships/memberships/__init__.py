"""Who is a member of what, since when and until when."""
