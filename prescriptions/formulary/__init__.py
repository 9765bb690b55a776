"""The formulary without Django: what medicines are, and what is known to go wrong with them.

Read once from `prescriptions/data`, indexed once, never written. `formulary()` is the door.
"""

from prescriptions.formulary.allergens import Allergen
from prescriptions.formulary.catalogue import Formulary, formulary
from prescriptions.formulary.medicines import Medicine
from prescriptions.formulary.rows import Contraindication, Interaction

__all__ = ["Allergen", "Contraindication", "Formulary", "Interaction", "Medicine", "formulary"]
