"""Benchmarks, as ratios measured in one run. `bin/bench NAME`.

Absolute rates on a shared machine say little; what is compared runs alternately, several rounds,
and the median of the rounds' ratios is reported beside CPU per request and the machine's load.
"""
