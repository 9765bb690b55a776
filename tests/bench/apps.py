"""The applications that the benchmark's servers load."""

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()
bridge = WSGIMiddleware(pages, workers=8)
