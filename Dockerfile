# One image for every process of production; docker-compose.yml says which it runs.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/hospital

# The embedded services are for laptops; here PostgreSQL and Redis are containers of their own, and
# the two wheels stay out of reach of the network and of the database role.
COPY requirements.txt .
RUN pip install --require-hashes --requirement requirements.txt

COPY . .
RUN useradd --system --uid 10001 --home-dir /srv/hospital hospital \
    && install --directory --owner=hospital /srv/static /srv/media /srv/anchors /srv/beat
USER hospital

ENTRYPOINT ["deploy/with-addresses"]
