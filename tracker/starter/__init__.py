"""The starter data that ships with the tracker, and how it is read."""
