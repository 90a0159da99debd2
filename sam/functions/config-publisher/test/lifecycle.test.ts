import { describe, expect, test, vi } from 'vitest';
import { resolveManifest } from '../src/manifest.ts';
import { propertiesFor, specOf } from './manifests.ts';
import { useProvider } from './provider.ts';
import { startServer } from './servers.ts';

const provider = useProvider();
const keys = () => provider.s3.keys('manifests');
const OTHER = 'shop/notes.txt';

describe('an update', () => {
  test('keeps the resource and the manifest before, which running tasks read', async () => {
    const cloudFormation = await provider.cloudFormation();
    const first = await cloudFormation.create(propertiesFor('/a'));
    const second = await cloudFormation.update(propertiesFor('/b'));
    expect(second.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect(await keys()).toEqual(
      [first.Data?.['ConfigKey'], second.Data?.['ConfigKey']].toSorted(),
    );
  });

  test('that is refused leaves everything as it was', async () => {
    const cloudFormation = await provider.cloudFormation();
    const first = await cloudFormation.create(propertiesFor('/a'));
    const { Status, PhysicalResourceId } = await cloudFormation.update(propertiesFor('no slash'));
    expect([Status, PhysicalResourceId]).toEqual(['FAILED', first.PhysicalResourceId]);
    expect(await keys()).toEqual([first.Data?.['ConfigKey']]);
  });

  test('can be rolled back to a manifest that was published, and would be refused by now', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor('/a'));
    const owner = await provider.s3.owner('manifests', (await keys())[0]!);
    const old = { RouterConfig: { Retired: 'yes' }, Spec: specOf('/b') };
    const { sha256 } = resolveManifest({ ...old, Port: 8080 }, 'Manifest');
    await provider.s3.write('manifests', `shop/config/${sha256}.json`, owner);
    const { Status, Data } = await cloudFormation.update(propertiesFor('/b', old));
    expect([Status, Data?.['ConfigSha256']]).toEqual(['SUCCESS', sha256]);
    expect(provider.lines.join('')).toContain('RouterConfig.Retired: expected one of');
  });

  test('of the prefix moves: the new place is written, and the old one emptied after it', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor('/a'));
    await cloudFormation.update(propertiesFor('/b'));
    const moved = await cloudFormation.update(propertiesFor('/b', { Prefix: 'shop/new' }));
    expect(moved.PhysicalResourceId).toBe('lpr-config-publisher:manifests:shop/new/');
    expect(await keys()).toEqual([moved.Data?.['ConfigKey']]);
  });

  test('of the prefix that is rolled back leaves the old place as it was', async () => {
    const cloudFormation = await provider.cloudFormation();
    const first = await cloudFormation.create(propertiesFor('/a'));
    await cloudFormation.update(propertiesFor('/b', { Prefix: 'new' }), { failing: true });
    expect(await keys()).toEqual([first.Data?.['ConfigKey']]);
  });
});

describe('a deletion', () => {
  test('removes every manifest of the resource, and nothing else', async () => {
    const cloudFormation = await provider.cloudFormation();
    const kept = [
      OTHER,
      'shop/config/notes.txt',
      `shop/config/deep/${'a'.repeat(64)}.json`,
      `shop/config/${'b'.repeat(64)}.json`,
      `shop/config2/${'c'.repeat(64)}.json`,
    ];
    for (const key of kept) await provider.s3.write('manifests', key);
    await cloudFormation.create(propertiesFor('/a'));
    await cloudFormation.update(propertiesFor('/b'));
    expect(await keys()).toHaveLength(kept.length + 2);
    const copy = `shop/config/${'d'.repeat(64)}.json.bak`;
    const manifest = (await keys()).find((key) => !kept.includes(key))!;
    await provider.s3.write('manifests', copy, await provider.s3.owner('manifests', manifest));
    const { Status } = await cloudFormation.delete();
    expect(Status).toBe('SUCCESS');
    expect(await keys()).toEqual([...kept, copy].toSorted());
  });

  test('of more manifests than it lists at once removes them all', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor('/a'));
    const owner = await provider.s3.owner('manifests', (await keys())[0]!);
    const more = Array.from({ length: 205 }, (_, index) => index.toString(16).padStart(64, '0'));
    await Promise.all(
      more.map((sha) => provider.s3.write('manifests', `shop/config/${sha}.json`, owner)),
    );
    const { Status } = await cloudFormation.delete();
    expect(Status).toBe('SUCCESS');
    expect(await keys()).toEqual([]);
  });

  test.each([
    ['the first', 'one'],
    ['the second', 'two'],
  ] as const)('of %s of two stacks keeps what both have published', async (_, gone) => {
    const stacks = {
      one: await provider.cloudFormation('one'),
      two: await provider.cloudFormation('two'),
    };
    const both = await stacks.one.create(propertiesFor('/a'));
    await stacks.two.create(propertiesFor('/a'));
    await stacks.one.create(propertiesFor('/one'), 'Other');
    await stacks.two.create(propertiesFor('/two'), 'Other');
    await stacks[gone].delete('Other');
    await stacks[gone].delete();
    expect(await keys()).toContain(both.Data?.['ConfigKey']);
    expect(await keys()).toHaveLength(2);
  });

  test('after a rename in the template keeps what the new name has published', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor('/a'), 'Old');
    await cloudFormation.update(propertiesFor('/b'), { logicalId: 'Old' });
    const renamed = await cloudFormation.create(propertiesFor('/b'), 'New');
    await cloudFormation.delete('Old');
    expect(await keys()).toEqual([renamed.Data?.['ConfigKey']]);
  });

  test('of the new name, when a rename is rolled back, keeps what the old name has published', async () => {
    const cloudFormation = await provider.cloudFormation();
    const old = await cloudFormation.create(propertiesFor('/a'), 'Old');
    await cloudFormation.create(propertiesFor('/a'), 'New');
    await cloudFormation.delete('New');
    expect(await keys()).toEqual([old.Data?.['ConfigKey']]);
  });

  test('knows the manifests of an earlier stack of the same name as its own', async () => {
    const before = await provider.cloudFormation('shop');
    await before.create(propertiesFor('/a'));
    const again = await provider.cloudFormation('shop');
    await again.create(propertiesFor('/b'));
    await again.delete();
    expect(await keys()).toEqual([]);
  });

  test('after a failed creation succeeds and removes nothing', async () => {
    const cloudFormation = await provider.cloudFormation();
    await provider.s3.write('manifests', OTHER);
    await cloudFormation.create(propertiesFor('/a', { Spec: {} }));
    await cloudFormation.create(propertiesFor('/a', { BucketName: 'nowhere' }));
    await cloudFormation.create({});
    const statuses = cloudFormation.arrivals.map(({ answer }) => answer.Status);
    expect(statuses).toEqual(['FAILED', 'SUCCESS', 'FAILED', 'SUCCESS', 'FAILED', 'SUCCESS']);
    expect(await keys()).toEqual([OTHER]);
  });

  test('after a creation that S3 refused succeeds, although S3 would refuse it as well', async () => {
    const cloudFormation = await provider.cloudFormation();
    const closed = await startServer((response) => void response.writeHead(403).end());
    vi.stubEnv('AWS_ENDPOINT_URL_S3', closed.url);
    await cloudFormation.create(propertiesFor('/a'));
    const statuses = cloudFormation.arrivals.map(({ answer }) => answer.Status);
    expect(statuses).toEqual(['FAILED', 'SUCCESS']);
  });

  test('of a bucket that is gone succeeds', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor('/a'));
    await provider.s3.reset();
    expect(await cloudFormation.delete()).toMatchObject({ Status: 'SUCCESS' });
  });

  test('that S3 refuses fails, so that somebody learns of it', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor('/a'));
    await provider.s3.deny('manifests', 's3:DeleteObject');
    const { Status, Reason } = await cloudFormation.delete();
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(
      /^Expected to remove manifests such as `s3:.*`, got AccessDenied for 1 of 1: /,
    );
    expect(await keys()).toHaveLength(1);
  });
});
