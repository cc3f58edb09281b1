"""Returns (报送): what a unit hands in, what is missing before that, what was signed, and what became of it."""
