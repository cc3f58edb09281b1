"""Photographs as evidence: made anew from what was sent, kept outside the web's reach, shown to those who may see."""
