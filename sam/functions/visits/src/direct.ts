import { handleRequest } from './handle-request.ts';

/** Behind a function URL, without a router: what everything else is compared with. */
export const handler = handleRequest;
