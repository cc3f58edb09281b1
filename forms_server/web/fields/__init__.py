"""The fields of a form's YAML as fields of a web page."""
