"""What one reads out of reports: how an item went, what differs between two, what it means.

Pure functions over values; the rows come from `patients.selectors`.
"""
