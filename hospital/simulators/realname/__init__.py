"""A service that knows which name belongs to which identity document."""
