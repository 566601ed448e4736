"""What was signed, as a PDF with a hash that proves it."""
