# Runs as any user, on a read-only root; writes to /data alone.
#   docker build --build-arg REVISION=$(git rev-parse HEAD) -t minga .
#   docker run --read-only --cap-drop=ALL --user 1000:1000 -v /srv/minga:/data minga
# Two builds of one commit install the same: the base by its digest, all else by its hashes. For a
# newer base change tag and digest together, here and nowhere else.
ARG BASE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${BASE} AS build
WORKDIR /src
COPY requirements.lock ./
# All that the lock names, checked by its hashes: with it the wheel is built, and from it installed.
RUN pip download --no-cache-dir --require-hashes --only-binary=:all: -d /wheels -r requirements.lock \
 && python -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --no-index --find-links=/wheels hatchling
COPY pyproject.toml README.md LICENSE ./
COPY minga minga
COPY bot bot
COPY commands commands
COPY storage storage
COPY deploy/minga.service deploy/
RUN /tools/bin/python -m hatchling build -t wheel -d /wheels
# Without pip, and of the lock only what the bot itself needs. Compiled once, for whoever runs it cannot.
RUN python -m venv --without-pip /opt/minga \
 && pip --python /opt/minga/bin/python install --no-cache-dir --no-compile --no-index \
      --find-links=/wheels /wheels/minga-*.whl \
 && python -m compileall -q --invalidation-mode unchecked-hash /opt/minga \
 && install -d -m 1777 /image/data

FROM ${BASE}
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Minga" \
      org.opencontainers.image.description="A Matrix bot that a network of people hosts for itself" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/minga /opt/minga
# /data with its mode: a named volume takes it over, and then any user can write there.
COPY --from=build /image/ /
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
