"""The hospital's own settings of the rules, in published versions; and the decisions taken.

For medical affairs, who publish; for every rule, which gets one version handed in; for whoever
replays a decision later.
"""
