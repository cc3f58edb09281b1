"""Strict YAML with places, its shape, references and repeats: from a campaign folder to a model or its problems."""
