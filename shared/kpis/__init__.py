"""One KPI each: an expression over the projection tables, run by the store."""
