"""Real parts for tests: a clock to turn, a web server, a mail server, a PostgreSQL server."""
