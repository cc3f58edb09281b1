"""The handbook: a campaign rendered to Markdown, and a thin MkDocs hook."""
