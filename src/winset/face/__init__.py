"""The face: command line, terminal summary, HTML page. It uses only the façade `winset` and `winset.base`."""
