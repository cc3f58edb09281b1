"""What officials type, read: pure functions from text to a value, or to why it cannot be one."""
