/** Paths that the router answers itself; no operation can have them unless they are served at `AdminAddr`. */
export const MANAGEMENT_PATHS = {
  health: '/healthz',
  readiness: '/readyz',
  metrics: '/metrics',
} as const;
