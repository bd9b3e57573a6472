"""Faults at each call that writes into an app: see points.py, and `make faults`."""
