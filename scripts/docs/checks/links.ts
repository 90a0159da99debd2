import { besidePage, problemAt } from '../page.ts';
import type { Page, Problem } from '../page.ts';
import { isThere } from '../repository.ts';

/**
 * Links inside the repository lead to a file or folder that is there and, after `#`, to a heading of it.
 * Of others only the form is looked at.
 */
export function checkLinks(pages: readonly Page[]): Problem[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap(({ url, line }) => {
      const message = problemOf(url, page, byPath);
      return message === undefined ? [] : [problemAt(page, line, message)];
    }),
  );
}

function problemOf(url: string, page: Page, byPath: ReadonlyMap<string, Page>): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    return URL.canParse(url) ? undefined : `Expected a URL, got \`${url}\``;
  }
  const [target = '', anchor] = url.split('#');
  const path = target === '' ? page.path : besidePage(page, decodeURI(target)).replace(/\/$/, '');
  if (target !== '' && !isThere(path)) return `Expected a file or folder, got \`${url}\``;
  if (anchor === undefined) return undefined;
  const { anchors } = path === page.path ? page : (byPath.get(path) ?? {});
  if (anchors === undefined) return /^L\d+(-L\d+)?$/.test(anchor) ? undefined : noHeading(url);
  return anchors.has(decodeURIComponent(anchor)) ? undefined : noHeading(url);
}

const noHeading = (url: string): string => `Expected a heading of the page, got \`${url}\``;
