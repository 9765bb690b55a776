"""The application that a server runs: `uvicorn hospital.simulators.app:application`."""

from hospital.simulators.settings import Settings
from hospital.simulators.world import create_application

application = create_application(Settings.from_environment())
