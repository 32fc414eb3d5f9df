"""A record followed: what each event says, what it moves, and which hypotheses it tells apart."""
