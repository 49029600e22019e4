# An image with one static binary and nothing else.
#
#   docker build --tag broadsheet .
#   docker run --publish 127.0.0.1:8080:8080 --volume broadsheet:/data broadsheet

FROM rust:1.95.0-alpine AS build
# zstd, SQLite, ring and mimalloc are C.
RUN apk add --no-cache build-base
WORKDIR /build
COPY . .
# Queries are checked against the committed .sqlx, so building needs no database. RUSTUP_TOOLCHAIN skips the rustfmt and
# clippy that rust-toolchain.toml asks for; the version is the same.
ENV SQLX_OFFLINE=true RUSTUP_TOOLCHAIN=1.95.0
# On Alpine, Rust links statically against musl.
RUN cargo build --profile dist --locked --package broadsheet --bin broadsheet
RUN mkdir /data

FROM scratch
COPY --from=build /build/target/dist/broadsheet /broadsheet
# A numeric user, since the image has no /etc/passwd. A new volume inherits its owner from this folder.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# SQLite needs a folder for temporary files, and there is no /tmp.
# MIMALLOC_PURGE_DELAY: memory that is not needed goes back to the system at once, which costs no measurable time.
ENV MIMALLOC_PURGE_DELAY=0
ENV BROADSHEET_LISTEN=0.0.0.0:8080 BROADSHEET_DATA=/data SQLITE_TMPDIR=/data
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 CMD ["/broadsheet", "healthcheck"]
# On SIGTERM, the server takes up to 30 seconds to finish running requests and imports (see stop_grace_period).
STOPSIGNAL SIGTERM
ENTRYPOINT ["/broadsheet"]
CMD ["serve"]
