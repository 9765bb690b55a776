"""处方: the formulary, the rules of law that a prescription must pass, and its way from the
doctor's draft over the pharmacist's review to the patient's door. For doctors, pharmacists and
the patients who wait for their medicine."""
