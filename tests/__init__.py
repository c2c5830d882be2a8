"""The tests of Stance Tracker; ``tests.parts`` holds the real parts that they share."""
