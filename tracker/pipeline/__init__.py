"""The use cases, and the only place that opens write transactions."""
