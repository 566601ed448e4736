"""Who asks, and what they may: tokens, permissions, branches, ended sessions."""
