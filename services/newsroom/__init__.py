"""The newsroom: the web application, so far its intake of events."""
