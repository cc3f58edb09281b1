"""Returns (报送): completeness, signing, frozen content, and the office's receipt."""
