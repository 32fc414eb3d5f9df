"""Solvers of game trees, one to a file: `solve_x(tree, …) -> TreeSolution`."""
