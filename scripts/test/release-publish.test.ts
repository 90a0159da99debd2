import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { releaseNotes } from '../release/notes.ts';
import { readPackages, type Package } from '../release/packages.ts';
import { planRelease, SETTINGS } from '../release/plan.ts';
import { checkedTarballs, publish } from '../release/publish.ts';
import { pack, type Tarball } from '../release/tarballs.ts';

let folder: string;
let registry: string;
/** What the registry has: the integrity of each `name/version`. */
const published = new Map<string, string>();
/** Dist-tags in the order in which versions were published. */
const tagged: Record<string, string>[] = [];

interface Publication {
  readonly 'dist-tags': Record<string, string>;
  readonly versions: Record<string, { name: string; version: string; dist: { integrity: string } }>;
}

/** As much of a registry as npm needs to publish. */
const server = createServer((request, response) => {
  const answer = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method === 'GET') {
    const integrity = published.get(request.url!.slice(1));
    answer(integrity === undefined ? 404 : 200, { dist: { integrity } });
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    const publication = JSON.parse(body) as Publication;
    tagged.push(publication['dist-tags']);
    for (const { name, version, dist } of Object.values(publication.versions)) {
      published.set(`${name}/${version}`, dist.integrity);
    }
    answer(201, { ok: true });
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  registry = `http://127.0.0.1:${port}/`;
  vi.stubEnv(`npm_config_//127.0.0.1:${port}/:_authToken`, 'token');
  folder = await mkdtemp(join(tmpdir(), 'lpr-publish-test-'));
});
beforeEach(() => {
  published.clear();
  tagged.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Packages of a repository of their own, packed as a dry run keeps them. */
async function kept(name: string, version: string, more: object = {}): Promise<Tarball[]> {
  const at = join(folder, name);
  for (const one of ['one', 'two']) {
    await mkdir(join(at, one), { recursive: true });
    const manifest = { name: `lpr-${one}`, version, ...more };
    await writeFile(join(at, one, 'package.json'), JSON.stringify(manifest));
  }
  const tarballs = await pack(readPackages(at, ['one', 'two']), at, at);
  await writeFile(join(at, 'release.json'), JSON.stringify(checkedTarballs(tarballs)));
  return tarballs;
}

describe('the publication', () => {
  it('publishes the tarballs that were checked, in their order, and none a second time', async () => {
    const [one, two] = await kept('twice', '1.2.3');
    published.set('lpr-one/1.2.3', one!.integrity);
    const told: string[] = [];
    await publish(join(folder, 'twice'), registry, (line) => told.push(line));
    expect(told).toEqual(['lpr-one@1.2.3 is there already', 'lpr-two@1.2.3 published as latest']);
    expect(published.get('lpr-two/1.2.3')).toBe(two!.integrity);
    expect(tagged).toEqual([{ latest: '1.2.3' }]);
  });

  it('gives a pre-release a tag of its own', async () => {
    await kept('next', '2.0.0-rc.1');
    await publish(join(folder, 'next'), registry, () => {});
    expect(tagged).toEqual([{ rc: '2.0.0-rc.1' }, { rc: '2.0.0-rc.1' }]);
  });

  it('refuses a tarball that is not the one that was checked', async () => {
    const [one] = await kept('changed', '1.0.0');
    await writeFile(one!.path, 'other bytes');
    const got = createHash('sha512').update('other bytes').digest('base64');
    await expect(publish(join(folder, 'changed'), registry, () => {})).rejects.toThrow(
      `lpr-one-1.0.0.tgz: expected ${one!.integrity}, got sha512-${got}`,
    );
    expect(tagged).toEqual([]);
  });

  it('refuses when the registry has other bytes under the same version', async () => {
    await kept('other', '1.0.0');
    published.set('lpr-one/1.0.0', 'sha512-other');
    await expect(publish(join(folder, 'other'), registry, () => {})).rejects.toThrow(
      /^lpr-one@1\.0\.0: expected sha512-.*, got sha512-other$/,
    );
  });

  it('is refused by npm outside of the workflow, where nobody could vouch for the provenance', async () => {
    await kept('by-hand', '1.0.0', { publishConfig: { provenance: true } });
    vi.stubEnv('GITHUB_ACTIONS', undefined);
    vi.stubEnv('GITLAB_CI', undefined);
    await expect(publish(join(folder, 'by-hand'), registry, () => {})).rejects.toThrow(
      'provenance generation not supported',
    );
    expect(tagged).toEqual([]);
  });
});

describe('the plan of a release', () => {
  const at = (packages: Package[], home: string): Package[] =>
    packages.map(({ folder, manifest }) => ({
      folder,
      manifest: {
        ...manifest,
        repository: { type: 'git', url: `git+https://github.com/${home}.git`, directory: folder },
      },
    }));
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, 'set']));
  const from = (changed: object = {}) => ({
    packages: at(readPackages(), 'here/lambda-parallel-router'),
    pending: [],
    repository: 'here/lambda-parallel-router',
    registry,
    settings,
    ...changed,
  });

  it('opens a pull request with versions while changesets are pending, and publishes after it', async () => {
    expect(await planRelease(from({ pending: ['new.md'] }))).toMatchObject({
      mode: 'version',
      because: 'pending: new.md',
    });
    const { version } = readPackages()[0]!.manifest;
    published.set(`lpr-protocol/${version}`, 'sha512-x');
    expect(await planRelease(from())).toEqual({
      mode: 'publish',
      version,
      because: 'not published: lpr-lambda-adapter, lpr-router, lpr-emulator, lpr-testkit',
    });
  });

  it('does nothing when everything is published, in a fork, or without a repository', async () => {
    const packages = readPackages();
    const { version } = packages[0]!.manifest;
    for (const { manifest } of packages) published.set(`${manifest.name}/${version}`, 'sha512-x');
    expect(await planRelease(from())).toMatchObject({ mode: 'nothing' });
    expect(await planRelease(from({ repository: 'there/fork' }))).toMatchObject({
      mode: 'nothing',
      because: 'releases are made in here/lambda-parallel-router',
    });
    const homeless = at(packages, 'OWNER/lambda-parallel-router');
    expect(await planRelease(from({ packages: homeless }))).toMatchObject({
      mode: 'nothing',
      because: 'the packages have no repository yet',
    });
  });

  it('refuses to begin what would stop half-way for want of a setting', async () => {
    await expect(
      planRelease(from({ settings: { ...settings, RELEASE_ROLE: '' } })),
    ).rejects.toThrow('Expected the variables `RELEASE_ROLE` to be set, got nothing');
  });
});

describe('the release notes', () => {
  it('name each change once, and leave out new versions of the other packages', async () => {
    const notes = join(folder, 'notes');
    const changelog = (own: string) =>
      `# x\n\n## 1.1.0\n\n### Minor Changes\n\n- Both.\n\n  A second paragraph.\n${own}\n### Patch Changes\n\n- Updated dependencies\n  - lpr-one@1.1.0\n- lpr-one@1.1.0\n\n## 1.0.0\n\n### Minor Changes\n\n- Old.\n`;
    for (const [one, own] of [
      ['one', ''],
      ['two', '- Only two.\n'],
    ] as const) {
      await mkdir(join(notes, one), { recursive: true });
      await writeFile(join(notes, one, 'CHANGELOG.md'), changelog(own));
      const manifest = { name: `lpr-${one}`, version: '1.1.0' };
      await writeFile(join(notes, one, 'package.json'), JSON.stringify(manifest));
    }
    expect(releaseNotes(readPackages(notes, ['one', 'two']), notes)).toBe(
      '## Minor Changes\n\n- lpr-one, lpr-two: Both.\n\n  A second paragraph.\n- lpr-two: Only two.\n',
    );
  });
});
