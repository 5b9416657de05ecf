"""A year of believable trading at a mid-sized manufacturer, as events, with the truth about its wins."""
