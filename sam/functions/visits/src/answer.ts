/** What handlers look at; a function URL's event has no path parameters. */
export interface Request {
  readonly rawPath?: string;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
}

/** The page that a request is about: the last segment of its path. */
export function pageOf({ pathParameters, rawPath = '' }: Request): string {
  const page = pathParameters?.['page'] ?? decodeURIComponent(rawPath.split('/').at(-1) ?? '');
  return page === '' ? 'home' : page;
}

export function answer(page: string, visits: number) {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ page, visits }),
  };
}
