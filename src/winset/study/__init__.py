"""Questions about a scenario: formulas, claims, forecasts and the brief, over variants solved when needed."""
