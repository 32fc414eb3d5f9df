"""Markov games of complete information: the logit path of stationary strategies."""
