"""Full-text search of the handbook without word segmentation: index built here, queries run in the browser."""
