# syntax=docker/dockerfile:1

# The builder runs on the machine's own platform and compiles for the target's:
# without cgo that needs no emulation.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/paperboy ./cmd/paperboy \
    && mkdir /out/data

# Distroless rather than scratch: it brings root certificates, /tmp for SQLite
# and a user that is not root, and neither a shell nor a package manager.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/paperboy /paperboy
# A new volume takes the owner of the folder that it covers.
COPY --from=build --chown=nonroot:nonroot /out/data /data
VOLUME /data
WORKDIR /data
ENV DATABASE_URL=/data/paperboy.db \
    PAPERBOY_ADDR=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/paperboy", "healthcheck"]
ENTRYPOINT ["/paperboy"]
CMD ["serve"]
