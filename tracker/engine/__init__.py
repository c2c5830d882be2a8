"""How the slow parts of many items are run at the same time."""
