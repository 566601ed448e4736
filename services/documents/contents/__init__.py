"""The bytes of documents: taken in, looked at, handed out."""
