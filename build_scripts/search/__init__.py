"""Search of the handbook without word segmentation: the index is made here, the searching is done in the browser."""
