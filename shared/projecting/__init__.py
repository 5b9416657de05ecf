"""From the journal to the projections and wins: what is rebuilt when events come, or time passes."""
