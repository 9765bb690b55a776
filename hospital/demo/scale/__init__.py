"""A hospital of full size: hundreds of thousands of patients with a past. Not in production.

Rows are made from the models and copied, batch by batch; a run that was broken off goes on where
it stopped.
"""

from hospital.demo.scale.copying import AnotherTown, Progress, already, copy_in
from hospital.demo.scale.people import MOST
from hospital.demo.scale.tables import BASE, TABLES
from hospital.demo.scale.town import Town

__all__ = ["BASE", "MOST", "TABLES", "AnotherTown", "Progress", "Town", "already", "copy_in"]
