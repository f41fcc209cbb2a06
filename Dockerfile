# Two stages: the first has the compiler, the second only the program.
FROM rust:1-bookworm AS build
WORKDIR /src
ENV SQLX_OFFLINE=true
# Dependencies first, against an empty crate: they are rebuilt only when the lock file changes.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src tests/it \
    && echo 'fn main() {}' > src/main.rs && touch src/lib.rs tests/it/main.rs \
    && cargo build --release --locked \
    && rm -rf src tests
COPY sqlx.toml ./
COPY .sqlx .sqlx
COPY migrations migrations
COPY src src
RUN touch src/lib.rs src/main.rs && cargo build --release --locked --bin ocop-market

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/ocop-market ocop \
    && install -d -o ocop -g ocop /var/lib/ocop-market/files
COPY --from=build /src/target/release/ocop-market /usr/local/bin/ocop-market
USER ocop
WORKDIR /var/lib/ocop-market
ENV ADDR=0.0.0.0:8080 FILES_DIR=/var/lib/ocop-market/files
EXPOSE 8080
VOLUME /var/lib/ocop-market/files
CMD ["ocop-market", "serve"]
