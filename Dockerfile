# Runs as any user, on a read-only root; writes to /data alone.
#   docker run --read-only --cap-drop=ALL --user 1000:1000 -v /srv/minga:/data minga
# Two builds of one commit are one image: the base by its digest, what pip installs by its hashes.
# For a newer base change tag and digest together, here and nowhere else.
ARG BASE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${BASE} AS build
WORKDIR /src
RUN python -m venv /opt/minga
COPY requirements.lock ./
RUN /opt/minga/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY commands commands
COPY storage storage
RUN /opt/minga/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/minga/bin/python -m compileall -q /opt/minga

FROM ${BASE}
COPY --from=build /opt/minga /opt/minga
ENV PATH=/opt/minga/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    TZ=UTC
WORKDIR /data
VOLUME /data
USER 65534:65534
STOPSIGNAL SIGTERM
ENTRYPOINT ["minga"]
CMD ["run", "--config", "/data/config.toml"]
