"""Word files in the layout of official documents (GB/T 9704): what units and the office send and sign."""
