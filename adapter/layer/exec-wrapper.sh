#!/bin/bash
# Starts a function's runtime with the batching proxy as its Runtime API.
# A function names this file in AWS_LAMBDA_EXEC_WRAPPER; Lambda passes the runtime's command line.
set -euo pipefail

proxy="${LPR_PROXY_ADDR:-127.0.0.1:9009}"

export LPR_UPSTREAM_RUNTIME_API="${AWS_LAMBDA_RUNTIME_API:?is set by Lambda}"
export AWS_LAMBDA_RUNTIME_API="$proxy"

workers=1
# Events in parallel, only where they were asked for. Lambda reserves these names: nobody else can set them.
if [ -n "${LPR_MAX_CONCURRENCY:-}" ]; then
  export AWS_LAMBDA_MAX_CONCURRENCY="${AWS_LAMBDA_MAX_CONCURRENCY:-$LPR_MAX_CONCURRENCY}"
  case "${AWS_EXECUTION_ENV:-}" in
    AWS_Lambda_nodejs*)
      # A worker for each 256 MB: each loads the function once more.
      workers=$((${AWS_LAMBDA_FUNCTION_MEMORY_SIZE:-128} / 256))
      if [ "$workers" -gt "$LPR_MAX_CONCURRENCY" ]; then workers="$LPR_MAX_CONCURRENCY"; fi
      if [ "$workers" -lt 1 ]; then workers=1; fi
      export AWS_LAMBDA_NODEJS_WORKER_COUNT="${AWS_LAMBDA_NODEJS_WORKER_COUNT:-$workers}"
      workers="$AWS_LAMBDA_NODEJS_WORKER_COUNT"
      # The native client polls on libuv's four threads; the other one does not. Streaming handlers
      # need the native one, which then gets a thread for each worker.
      export AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1="${AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1:-true}"
      if [ "$AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1" != true ]; then
        export UV_THREADPOOL_SIZE=$((${UV_THREADPOOL_SIZE:-4} + AWS_LAMBDA_NODEJS_WORKER_COUNT))
      fi
      ;;
    AWS_Lambda_python*)
      # Its processes would share this descriptor, and garble what they write to it.
      unset _LAMBDA_TELEMETRY_LOG_FD
      workers="$AWS_LAMBDA_MAX_CONCURRENCY"
      ;;
  esac
fi

# Extensions start together with the runtime: wait until the proxy listens, for as long as Init may take.
# It is told the process that becomes the runtime, to notice when that ends, and how many workers that has.
is_ready() {
  local answer
  exec 3<>"/dev/tcp/${proxy%:*}/${proxy##*:}" || return 1
  printf 'GET /lpr/ready?pid=%d&workers=%d HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' \
    "$$" "$workers" "$proxy" >&3
  read -r answer <&3 || return 1
  exec 3>&-
  case "$answer" in HTTP/1.1\ 200*) ;; *) return 1 ;; esac
}
tries=0
until is_ready 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -ge 1000 ]; then
    echo "Expected the extension lpr-runtime-api-proxy to listen at $proxy within 10 s, nobody does" >&2
    exit 1
  fi
  sleep 0.01
done

if [ -n "${LPR_NEXT_EXEC_WRAPPER:-}" ]; then
  exec "$LPR_NEXT_EXEC_WRAPPER" "$@"
fi
exec "$@"
