"""The library: contract, histories, patterns, KPIs, stories, editions; no process, no global state."""
