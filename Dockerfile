# One image for every service of docker-compose.yml; only the command differs.
#   docker build -t storefront .                 the shop alone (the last stage)
#   docker build -t storefront --target demo .   with the demo catalogue and the stand-in for Stripe
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim-bookworm AS packages
COPY requirements/production.txt /tmp/production.txt
# Exactly the locked files. django-haystack is published as source only, in plain Python; everything else comes built,
# so no compiler is needed, in this stage or the next. A shop that runs needs neither pip nor the sources of
# translations (.po: 43 MB).
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
      --no-deps --require-hashes --only-binary :all: --no-binary django-haystack -r /tmp/production.txt \
 && /opt/venv/bin/pip uninstall -q -y setuptools pip \
 && find /opt/venv -name '*.po' -delete \
 && python -m compileall -q -j 0 /opt/venv


FROM python:${PYTHON_VERSION}-slim-bookworm AS app
LABEL org.opencontainers.image.title="storefront-starter-kit" \
      org.opencontainers.image.description="A shop of your own: django-oscar, Wagtail, Stripe" \
      org.opencontainers.image.licenses="BSD-3-Clause"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=storefront.settings.production
# A new named volume takes the owner and mode of the folder it covers, so the shop can write to it without root.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin shop \
 && install -d -o shop -g shop /srv/media /srv/inbox /srv/outbox /srv/standin \
 && install -d -o shop -g shop -m 0700 /srv/secrets /srv/private
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/shop
COPY manage.py ./
COPY themes themes
COPY catalog_import catalog_import
COPY storefront storefront
# Static files carry the theme's, so the theme is chosen here and stays with the image.
ARG STOREFRONT_THEME=base
ENV STOREFRONT_THEME=${STOREFRONT_THEME}
# The settings refuse to start without these values; collecting files uses none of them.
RUN SECRET_KEY=build SHOP_URL=http://build.invalid DATABASE_URL=postgres://build.invalid/build \
    REDIS_URL=redis://build.invalid python manage.py collectstatic --noinput -v 0 \
 && python -m compileall -q manage.py catalog_import storefront
USER shop
EXPOSE 8000
# 127.0.0.1 is always an allowed host; the page answers when the database does.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz/', timeout=4)"]
# Worker processes: WEB_CONCURRENCY (gunicorn reads it). --preload shares their memory. /dev/shm: the heartbeat
# file must not wait for a disk. The log line leaves out the query, which may carry a payment's client secret.
ENV WEB_CONCURRENCY=2
CMD ["gunicorn", "storefront.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--timeout", "60", \
     "--graceful-timeout", "30", "--max-requests", "50000", "--max-requests-jitter", "5000", \
     "--access-logfile", "-", "--access-logformat", "%(t)s %(m)s %(U)s %(s)s %(b)s bytes %(M)s ms"]


# What `docker compose up` shows on a new machine: a fictional brand's catalogue, and payments without money.
FROM app AS demo
COPY tests/__init__.py tests/__init__.py
COPY tests/servers/__init__.py tests/servers/__init__.py
COPY tests/servers/stripe tests/servers/stripe
COPY tests/data/demo_brand tests/data/demo_brand


# Last, so that a build without --target leaves the demo out.
FROM app AS shop
