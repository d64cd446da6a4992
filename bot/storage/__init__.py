"""All SQL. Frozen dataclasses leave this package; no row, no driver error does."""
