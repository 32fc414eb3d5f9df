"""Scenario to game: arrays, beliefs, forward distributions, play."""
