"""Tools for authors of a campaign's YAML: JSON Schemas, a generated guide, the skeleton of a new folder."""
