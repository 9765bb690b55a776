"""Patients for programs. Missing and foreign are the same 404."""
