"""English, as written in the templates."""
