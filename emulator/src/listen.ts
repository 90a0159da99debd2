import { createServer } from 'node:net';

/** Of the routes, when nobody says otherwise. */
export const DEFAULT_PORT = 3000;

/** Of the Lambda API, when nobody says otherwise. */
export const DEFAULT_LAMBDA_PORT = 3001;

/** How many ports from a default one on are tried. */
const TRIES = 100;

/** Which port to take. */
export interface PortChoice {
  readonly host: string;
  /** As somebody has asked for it; it has to be free then. */
  readonly port: number | undefined;
  /** Where to begin otherwise. */
  readonly fallback: number;
  /** What asks for another one. */
  readonly flag: string;
}

/** Calls `listen` with the port, or with the first free one from the default on. */
export async function listenOn<T>(
  { host, port, fallback, flag }: PortChoice,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  for (let from = fallback; ;) {
    const chosen = port ?? (await firstFree(host, from));
    try {
      return await listen(chosen);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EACCES') {
        const message = `Port ${chosen} is not yours to use; choose one above 1023 with \`${flag}\``;
        throw new Error(message, { cause: error });
      }
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
        const message = `Expected \`--host\` to be an address of this machine, got \`${host}\` (${code})`;
        throw new Error(message, { cause: error });
      }
      if (code !== 'EADDRINUSE') throw error;
      from = chosen + 1;
      // Two that start at the same time may both have found it free.
      if (port === undefined && from < fallback + TRIES) continue;
      throw portInUse(chosen, flag, error);
    }
  }
}

/** The error for a port that somebody else has. */
export function portInUse(port: number, flag: string, cause?: unknown): Error {
  return new Error(`Port ${port} is in use; choose another with \`${flag}\``, { cause });
}

/**
 * The first port from `from` on that is free; `from` itself when none is. To be asked first, because a
 * failed `listen` of the router leaves its management port open.
 */
export async function firstFree(host: string, from: number): Promise<number> {
  for (let port = from; port < from + TRIES; port += 1) {
    if (await isFree(host, port)) return port;
  }
  return from;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Whatever else is wrong with the address is told when it is listened on.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}
