"""Records of issues and proposed households: how they are stored, changed and listed. No web library here."""
