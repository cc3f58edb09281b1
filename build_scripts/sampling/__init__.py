"""The draw of what is inspected on the spot, as pure functions: who has seed and list draws the same again."""
