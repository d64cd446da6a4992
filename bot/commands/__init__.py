"""The command line: one file per subject, each a typer app."""
