"""Many tasks of one kind, carried out anywhere, their results kept: draws of parameters, months of a hindcast."""
