"""Routes of the administration (``/v1/admin``)."""
