"""The scenario language: from text, or Python dictionaries, to a checked `Scenario`; nothing numeric."""
