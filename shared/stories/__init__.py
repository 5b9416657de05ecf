"""Stories: from a win to the typed facts, phrases and headline of what two departments did."""
