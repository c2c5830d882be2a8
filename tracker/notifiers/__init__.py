"""How messages leave: one module is one way."""
