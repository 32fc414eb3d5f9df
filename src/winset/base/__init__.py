"""What every room shares: diagnostics, errors, the version."""
