"""Recipes for the models of the canon, one file for each family; `winset.testing.registry` finds them."""
