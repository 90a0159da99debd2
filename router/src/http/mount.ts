import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mount } from '../router.ts';
import { parseRequestTarget } from './request-target.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Hands requests for the mount's path, and for what is below it, to the mount; all others to `handle`. */
export function besideMount(mount: Mount | undefined, handle: Handle): Handle {
  if (mount === undefined) return handle;
  const { path } = mount;
  return (request, response) => {
    const rawPath = parseRequestTarget(request.url ?? '/')?.rawPath ?? '';
    if (rawPath === path || rawPath.startsWith(`${path}/`)) mount.handle(request, response);
    else handle(request, response);
  };
}
