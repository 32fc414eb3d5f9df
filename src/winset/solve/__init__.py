"""Solvers: belief grids backward in time, and exact solutions of small games."""
