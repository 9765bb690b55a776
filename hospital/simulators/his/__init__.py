"""The hospital's own information system, seen through its FHIR R4 interface."""
