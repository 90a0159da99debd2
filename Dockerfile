# The router, as an image. From the root of the repository:
#
#   docker build -t lpr-router .
#   docker run -p 8080:8080 -e LPR_CONFIG_URI=s3://BUCKET/KEY lpr-router
#
# The version of Node.js is the one that the tests run on. To pin the image by digest as well:
#
#   docker build --build-arg NODE_IMAGE=node:24.21.0-trixie-slim@sha256:… -t lpr-router .
#
# Commands use paths relative to WORKDIR, so that they can also be run where there is no Docker engine, as
# router/test/image does.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

# Nothing in these two stages depends on a processor, so they run on the one that builds.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY protocol/package.json protocol/
COPY router/package.json router/
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --workspace lpr-router
# Types and source maps are more than half of it, and nothing reads them.
RUN find . -path '*/node_modules/*' -type f \
      '(' -name '*.map' -o -name '*.ts' -o -name '*.cts' -o -name '*.mts' ')' -delete \
 && rm package.json package-lock.json

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY protocol/package.json protocol/
COPY router/package.json router/
RUN npm ci --ignore-scripts --no-audit --no-fund --workspace lpr-protocol --workspace lpr-router
COPY protocol protocol
COPY router router
RUN npm run build --workspace lpr-protocol --workspace lpr-router

FROM ${NODE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="lpr-router" \
      org.opencontainers.image.description="HTTP router that invokes AWS Lambda once per batch of concurrent requests." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
    LPR_HEALTHCHECK_URL=http://127.0.0.1:8080/healthz
WORKDIR /app
# npm may put a package beside the workspace that needs it, and not only into /app/node_modules.
COPY --from=dependencies /app ./
COPY --from=build /app/protocol/dist protocol/dist
COPY --from=build /app/router/dist router/dist
COPY router/bin router/bin
COPY LICENSE ./
# `node`, by number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "fetch(process.env.LPR_HEALTHCHECK_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell in between: signals reach the router, which then drains.
ENTRYPOINT ["node", "/app/router/bin/lpr-router.mjs"]
