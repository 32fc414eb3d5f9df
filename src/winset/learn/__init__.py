"""What the record says: sightings of acts, what follows from them, and how well it was foreseen."""
