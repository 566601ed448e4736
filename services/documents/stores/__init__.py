"""Where the bytes are: a folder, or any S3. It holds no rows and knows no document."""
