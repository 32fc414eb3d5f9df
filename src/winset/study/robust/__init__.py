"""What the author of a scenario left uncertain: draws over every range, and what answers turn on."""
