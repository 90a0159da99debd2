import type {
  CloudFormationCustomResourceDeleteEvent,
  CloudFormationCustomResourceEvent,
} from 'aws-lambda';
import { formatProblem } from 'lpr-router';
import { ConfigObjects } from './config-objects.ts';
import { log } from './log.ts';
import { resolveManifest } from './manifest.ts';
import { ProblemsError } from './problems-error.ts';
import { readPlace, readProperties } from './properties.ts';
import type { Defaults, Place } from './properties.ts';
import { S3Error } from './s3-error.ts';

/** What a change has come to. */
export interface Outcome {
  readonly physicalResourceId: string;
  /** The resource's attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Of a resource whose creation has failed: nothing was published, and its deletion has nothing to do. */
export const NOT_CREATED = 'lpr-config-publisher:not-created';

/**
 * Does what CloudFormation asks for. Whatever was asked may be asked again, with the same outcome.
 *
 * @throws ProblemsError for bad properties or a bad manifest; else S3Error
 */
export function carryOut(
  event: CloudFormationCustomResourceEvent,
  signal: AbortSignal,
): Promise<Outcome> {
  return event.RequestType === 'Delete' ? remove(event, signal) : publish(event, signal);
}

async function publish(
  event: Exclude<CloudFormationCustomResourceEvent, CloudFormationCustomResourceDeleteEvent>,
  signal: AbortSignal,
): Promise<Outcome> {
  const defaults = defaultsFor(event);
  const properties = readProperties(event.ResourceProperties, defaults);
  if (properties.value === undefined) throw new ProblemsError('properties', properties.problems);
  const { BucketName, Prefix } = properties.value;
  const { text, sha256, problems } = resolveManifest(properties.value, event.LogicalResourceId);
  const key = `${Prefix}config/${sha256}.json`;
  using objects = new ConfigObjects(BucketName, ownerOf(event), signal);
  if (problems.length > 0) {
    // A rollback must not fail because the rules have become stricter since.
    const before = event.RequestType === 'Update' && (await objects.has(key));
    if (!before) throw new ProblemsError('manifest', problems);
    log('warn', 'published before, and would be refused now', {
      problems: problems.map(formatProblem),
    });
  }
  await objects.put(key, text);
  return {
    physicalResourceId: physicalIdFor(event, properties.value, defaults),
    attributes: {
      ConfigS3Uri: `s3://${BucketName}/${key}`,
      ConfigKey: key,
      ConfigSha256: sha256,
      BucketName,
      Prefix,
    },
  };
}

async function remove(
  event: CloudFormationCustomResourceDeleteEvent,
  signal: AbortSignal,
): Promise<Outcome> {
  const physicalResourceId = event.PhysicalResourceId;
  const place = readPlace(event.ResourceProperties, defaultsFor(event));
  if (physicalResourceId === NOT_CREATED || place === undefined) return { physicalResourceId };
  const { BucketName, Prefix } = place;
  using objects = new ConfigObjects(BucketName, ownerOf(event), signal);
  try {
    const removed = await objects.removeOwn(`${Prefix}config/`);
    log('info', 'removed', { place: `s3://${BucketName}/${Prefix}config/`, removed });
  } catch (error) {
    if (!(error instanceof S3Error && error.missing)) throw error;
  }
  return { physicalResourceId };
}

/**
 * Stays as it is for as long as bucket and prefix do, whatever the manifest: with another id CloudFormation would
 * have the old resource deleted, and with it what running tasks read and a rollback needs.
 */
function physicalIdFor(
  event: CloudFormationCustomResourceEvent,
  { BucketName, Prefix }: Place,
  defaults: Defaults,
): string {
  if (event.RequestType === 'Update') {
    const before = readPlace(event.OldResourceProperties, defaults);
    if (before?.BucketName === BucketName && before.Prefix === Prefix) {
      return event.PhysicalResourceId;
    }
  }
  return `lpr-config-publisher:${BucketName}:${Prefix || '-'}`;
}

function defaultsFor(event: CloudFormationCustomResourceEvent): Defaults {
  return {
    stackName: stackOf(event).split('/').at(-1)!,
    logicalId: event.LogicalResourceId,
    bucket: process.env['LPR_CONFIG_BUCKET'] || undefined,
  };
}

function ownerOf(event: CloudFormationCustomResourceEvent): string {
  return `${stackOf(event)}/${event.LogicalResourceId}`;
}

/** The stack's ARN without the last part, which is another one for a stack that is deleted and made again. */
function stackOf({ StackId }: CloudFormationCustomResourceEvent): string {
  return StackId.split('/').slice(0, 2).join('/');
}
