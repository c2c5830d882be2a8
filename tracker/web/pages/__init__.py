"""One module a page; each has ``blueprint(app)``, and functions that make its Page."""
