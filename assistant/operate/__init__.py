"""Starts, watches and stops the processes of Kratt on one machine, and asks them from a terminal."""
