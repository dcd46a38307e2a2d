# Runs as any user, on a read-only root; writes to /data alone.
#   docker run --read-only --cap-drop=ALL --user 1000:1000 -v /srv/minga:/data minga
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/minga
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY commands commands
COPY storage storage
RUN /opt/minga/bin/pip install --no-cache-dir . \
 && /opt/minga/bin/python -m compileall -q /opt/minga

FROM python:3.13-slim
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
