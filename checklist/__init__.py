"""What is checked: one folder of YAML a campaign, the model that loads it, and the one judge of a value."""
