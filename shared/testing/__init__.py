"""What the tests of every room need: real servers, and waiting without sleeping."""
