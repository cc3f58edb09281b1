"""Lists of households from workbooks: what their rows say, and what importing them would change."""
