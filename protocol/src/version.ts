/** The contract version this package speaks: the `v` of every batch, buffered answer and record. */
export const PROTOCOL_VERSION = 1;

/** What a router calls itself in `meta.router` (contract §1, fixed). */
export const ROUTER_NAME = 'lambda-parallel-router';
