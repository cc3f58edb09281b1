"""Web fields for the fields of a form's YAML."""
