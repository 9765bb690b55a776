"""A town of doctors and patients, and the plain list that ours is compared with."""
