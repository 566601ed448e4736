"""The browsers that clients let us send a push to."""
