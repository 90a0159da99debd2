import { checkPart, integer, manifestFromObject, section } from 'lpr-router';
import type { CheckedPart } from 'lpr-router';
import { z } from 'zod';

/** What a template says about the resource, as far as it is right. */
export interface Properties {
  readonly BucketName: string;
  /** Empty, or ends with a slash. */
  readonly Prefix: string;
  readonly Port: number;
  readonly RouterConfig: Readonly<Record<string, unknown>>;
  readonly Spec: Readonly<Record<string, unknown>>;
}

/** Where a resource's objects are. */
export type Place = Pick<Properties, 'BucketName' | 'Prefix'>;

/** Whose properties they are, and the bucket that the stack of this function has. */
export interface Defaults {
  readonly stackName: string;
  readonly logicalId: string;
  readonly bucket: string | undefined;
}

/** Longer ones would have an answer that is longer than CloudFormation takes. */
const LONGEST_PREFIX = 512;
const PREFIX_FORM = `at most ${LONGEST_PREFIX} characters of ASCII, without spaces, quotes and backslashes`;

const mapping = z.record(z.string(), z.unknown());

/** CloudFormation's own, among the resource's. */
const NOT_OURS = ['ServiceToken', 'ServiceTimeout'];

function schemaFor({ stackName, logicalId, bucket }: Defaults) {
  const BucketName = z.string().min(1, 'the name of a bucket');
  return section(
    {
      BucketName: bucket === undefined ? BucketName : BucketName.default(bucket),
      // A prefix of its own by default: what lies below it is removed with the resource.
      Prefix: z
        .string()
        .default(`lpr/${stackName}/${logicalId}/`)
        .transform(normalizePrefix)
        .refine((prefix) => prefix.length <= LONGEST_PREFIX && /^[!#-[\]-~]*$/.test(prefix), {
          error: PREFIX_FORM,
        }),
      Port: integer(1, 65_535).default(8080),
      RouterConfig: mapping.default({}),
      Spec: mapping,
    },
    NOT_OURS,
  );
}

/** Checks the properties of a resource; problems name the key and, as their file, the resource. */
export function readProperties(written: unknown, defaults: Defaults): CheckedPart<Properties> {
  return checkPart(manifestFromObject(written, defaults.logicalId), schemaFor(defaults));
}

/** Where the objects of a resource are; `undefined` when its properties do not say, and so there are none. */
export function readPlace(written: unknown, defaults: Defaults): Place | undefined {
  const { BucketName, Prefix } = schemaFor(defaults).shape;
  return z.object({ BucketName, Prefix }).safeParse(written).data;
}

function normalizePrefix(prefix: string): string {
  const path = prefix.trim().replace(/^\/+/, '');
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}
