"""Each role's first page, its menu and its badges. Doors only: no models, no decisions."""
