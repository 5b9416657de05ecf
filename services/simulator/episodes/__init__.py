"""Win patterns planted one by one: each episode stands alone and says what a detector must make of it."""
