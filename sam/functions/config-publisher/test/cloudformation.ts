import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type {
  CloudFormationCustomResourceEvent,
  CloudFormationCustomResourceResponse,
} from 'aws-lambda';

type Properties = Readonly<Record<string, unknown>>;
type Answer = CloudFormationCustomResourceResponse;
type Provider = (event: CloudFormationCustomResourceEvent) => Promise<unknown>;

interface Resource {
  readonly physicalId: string;
  readonly properties: Properties;
}

/** What arrived at a response URL. */
interface Arrival {
  readonly method: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: number;
  readonly answer: Answer;
}

/**
 * CloudFormation as a custom resource sees it: a server behind the response URL, and what is asked for after
 * which answer (a failed creation and an old physical id are deleted, a failed update is rolled back).
 */
export class CloudFormation implements AsyncDisposable {
  readonly stackId: string;
  readonly arrivals: Arrival[] = [];
  /** Statuses to answer the next arrivals with; 200 afterwards. */
  readonly statuses: number[] = [];
  readonly #server = createServer();
  readonly #provider: Provider;
  readonly #resources = new Map<string, Resource>();

  private constructor(provider: Provider, stackName: string) {
    this.#provider = provider;
    this.stackId = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${stackName}/${randomUUID()}`;
    this.#server.on('request', (request, response) => {
      void text(request).then((body) => {
        this.arrivals.push({
          method: request.method,
          contentType: request.headers['content-type'],
          bytes: Buffer.byteLength(body),
          answer: JSON.parse(body) as Answer,
        });
        response.writeHead(this.statuses.shift() ?? 200).end();
      });
    });
  }

  static async start(provider: Provider, stackName = 'shop'): Promise<CloudFormation> {
    const cloudFormation = new CloudFormation(provider, stackName);
    cloudFormation.#server.listen(0, '127.0.0.1');
    await once(cloudFormation.#server, 'listening');
    return cloudFormation;
  }

  /** Where whoever knows it can answer in the provider's name. */
  get responseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/answer?Signature=SECRET`;
  }

  /** Creates a resource; after a failure, deletes it. */
  async create(properties: Properties, logicalId = 'Manifest'): Promise<Answer> {
    const answer = await this.#ask({ RequestType: 'Create' }, properties, logicalId);
    const resource = { physicalId: answer.PhysicalResourceId, properties };
    if (answer.Status === 'SUCCESS') this.#resources.set(logicalId, resource);
    else await this.#delete(resource, logicalId);
    return answer;
  }

  /** Updates a resource. With another physical id the old one is deleted, or after `failing` the new one. */
  async update(
    properties: Properties,
    { logicalId = 'Manifest', failing = false } = {},
  ): Promise<Answer> {
    const before = this.#resources.get(logicalId)!;
    const answer = await this.#change(before, properties, logicalId);
    const after = { physicalId: answer.PhysicalResourceId, properties };
    if (answer.Status === 'SUCCESS' && !failing) {
      this.#resources.set(logicalId, after);
      if (after.physicalId !== before.physicalId) await this.#delete(before, logicalId);
      return answer;
    }
    const back = await this.#change(after, before.properties, logicalId);
    this.#resources.set(logicalId, { ...before, physicalId: back.PhysicalResourceId });
    if (back.Status === 'FAILED') throw new Error(`The rollback has failed: ${back.Reason}`);
    if (after.physicalId !== back.PhysicalResourceId) await this.#delete(after, logicalId);
    return answer;
  }

  async delete(logicalId = 'Manifest'): Promise<Answer> {
    const resource = this.#resources.get(logicalId)!;
    this.#resources.delete(logicalId);
    return this.#delete(resource, logicalId);
  }

  /** The event that `create` begins with. */
  creation(properties: Properties): CloudFormationCustomResourceEvent {
    return this.#event({ RequestType: 'Create' }, properties, 'Manifest');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #change({ physicalId, properties: old }: Resource, properties: Properties, logicalId: string) {
    const OldResourceProperties = asSent(old);
    return this.#ask(
      { RequestType: 'Update', PhysicalResourceId: physicalId, OldResourceProperties },
      properties,
      logicalId,
    );
  }

  #delete({ physicalId, properties }: Resource, logicalId: string): Promise<Answer> {
    return this.#ask(
      { RequestType: 'Delete', PhysicalResourceId: physicalId },
      properties,
      logicalId,
    );
  }

  async #ask(request: object, properties: Properties, logicalId: string): Promise<Answer> {
    const event = this.#event(request, properties, logicalId);
    await this.#provider(event);
    const arrival = this.arrivals.at(-1);
    if (arrival?.answer.RequestId !== event.RequestId) {
      throw new Error(`Expected an answer to ${JSON.stringify(event)}, got none`);
    }
    return arrival.answer;
  }

  #event(request: object, properties: Properties, logicalId: string) {
    return {
      ServiceToken: SERVICE_TOKEN,
      ResponseURL: this.responseUrl,
      StackId: this.stackId,
      RequestId: randomUUID(),
      ResourceType: 'Custom::LprConfigPublisher',
      LogicalResourceId: logicalId,
      ...request,
      ResourceProperties: asSent({ ServiceToken: SERVICE_TOKEN, ...properties }),
    } as unknown as CloudFormationCustomResourceEvent;
  }
}

const SERVICE_TOKEN = 'arn:aws:lambda:eu-west-1:123456789012:function:config-publisher';

/** CloudFormation hands numbers and booleans on as text. */
function asSent(properties: Properties): unknown {
  return JSON.parse(JSON.stringify(properties), (_, value: unknown) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  );
}
