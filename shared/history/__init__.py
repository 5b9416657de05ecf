"""Events become histories: orders with their lines, accounts. Pure."""
