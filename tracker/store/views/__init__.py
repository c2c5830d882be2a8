"""What the pages read. Each function takes a session and gives back frozen values, never rows."""
