"""The hospital's own systems seen from here: a mirror of persons, visits, reports, stock.

For the selectors of `patients`, which alone show its rows to anyone. Fed over FHIR R4.
"""
