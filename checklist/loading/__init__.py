"""Loading of a campaign folder to a model or its problems: strict YAML, shape, references, repeats."""
