"""The words of every language, and whether they are all there."""
