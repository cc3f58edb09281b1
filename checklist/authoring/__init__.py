"""For whoever writes a campaign's YAML: JSON Schemas, a guide made from the model, the start of a new folder."""
