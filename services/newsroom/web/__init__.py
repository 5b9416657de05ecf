"""The pages of the newsroom: who may see them, and what they show."""
