"""The face: the command line, the terminal summary and the HTML page. Uses only the façade `winset` and `winset.base`."""
