# One static program, and nothing else in the image.
#
#   docker build --tag broadsheet .
#   docker run --publish 127.0.0.1:8080:8080 --volume broadsheet:/data broadsheet

FROM rust:1.95.0-alpine AS build
# zstd, SQLite, ring and mimalloc are C.
RUN apk add --no-cache build-base
WORKDIR /build
COPY . .
# The queries were checked against the schema when they were committed, so that no database is needed to build. The
# toolchain of the image is the one that rust-toolchain.toml names; its rustfmt and clippy are not needed here.
ENV SQLX_OFFLINE=true RUSTUP_TOOLCHAIN=1.95.0
# For musl, which Rust links statically.
RUN cargo build --profile dist --locked --package broadsheet --bin broadsheet
RUN mkdir /data

FROM scratch
COPY --from=build /build/target/dist/broadsheet /broadsheet
# A number, since there is no list of users in here. A fresh volume takes its owner from this folder.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# SQLite sorts what is large in a file, and there is no /tmp.
ENV BROADSHEET_LISTEN=0.0.0.0:8080 BROADSHEET_DATA=/data SQLITE_TMPDIR=/data
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 CMD ["/broadsheet", "healthcheck"]
# Requests and imports in hand are finished on SIGTERM, in half a minute at most: give it that long (stop_grace_period).
STOPSIGNAL SIGTERM
ENTRYPOINT ["/broadsheet"]
CMD ["serve"]
