"""Drives a running platform from outside, as people with browsers would, and checks every step.

For `bin/manage journey`, benchmarks and fault drills. It uses public doors only and compares what
they say with another role's view and with the simulators' own records.
"""
