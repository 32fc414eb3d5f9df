"""Certificates: how good a solution is, measured without the solver's code."""
