"""The checklist: campaigns as folders of YAML, their model and loader, and the judge of values."""
