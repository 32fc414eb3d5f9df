"""What a scenario would have forecast at dates of the past, from the record up to then, held against what happened."""
