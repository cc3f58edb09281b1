"""The handbook: a campaign told as pages of Markdown, and a thin hook that hands them to MkDocs."""
