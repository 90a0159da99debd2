import {
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { S3Error } from './s3-error.ts';

/** In an object's metadata: which resource has published it. */
const OWNER = 'lpr-owner';
/** Several have; nobody removes it, because another may have it in use. */
const SHARED = 'shared';
const FILE_NAME = /^[\da-f]{64}\.json$/;
/** Objects that are asked for their owners at a time. */
const PAGE = 100;
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 10_000 };

/** A resource's manifests in a bucket. Calls end with `signal`, and reject with an `S3Error`. */
export class ConfigObjects implements Disposable {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #owner: string;
  readonly #options: { readonly abortSignal: AbortSignal };

  /** `owner` tells a resource from all others that use the bucket. Endpoint, region and credentials are the SDK's. */
  constructor(bucket: string, owner: string, signal: AbortSignal) {
    const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
    this.#client = new S3Client({
      forcePathStyle: Boolean(AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL),
      followRegionRedirects: true,
      maxAttempts: 5,
      requestHandler: TIMEOUTS,
    });
    this.#bucket = bucket;
    this.#owner = owner;
    this.#options = { abortSignal: signal };
  }

  /** Whether there is an object that this resource, perhaps among others, has published. */
  async has(key: string): Promise<boolean> {
    const owner = await this.#ownerAt(key);
    return owner === this.#owner || owner === SHARED;
  }

  async put(key: string, text: string): Promise<void> {
    const before = await this.#ownerAt(key);
    const owner = before === undefined || before === this.#owner ? this.#owner : SHARED;
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: text,
      ContentType: 'application/json',
      Metadata: { [OWNER]: owner },
    });
    await this.#expect(`write \`${this.#urlOf(key)}\``, this.#client.send(command, this.#options));
  }

  /** Removes the manifests in `folder`, which ends with a slash, that are this resource's alone; their number. */
  async removeOwn(folder: string): Promise<number> {
    let removed = 0;
    let token: string | undefined;
    do {
      const page = await this.#expect(
        `list \`${this.#urlOf(folder)}\``,
        this.#list({ Prefix: folder, ContinuationToken: token, MaxKeys: PAGE }),
      );
      const keys = keysIn(page).filter((key) => FILE_NAME.test(key.slice(folder.length)));
      const owners = await Promise.all(keys.map((key) => this.#ownerOf(key)));
      const own = keys.filter((_, index) => owners[index] === this.#owner);
      if (own.length > 0) await this.#remove(own);
      removed += own.length;
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return removed;
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  async #remove(keys: readonly string[]): Promise<void> {
    const Objects = keys.map((Key) => ({ Key }));
    const command = new DeleteObjectsCommand({
      Bucket: this.#bucket,
      Delete: { Objects, Quiet: true },
    });
    const doing = `remove manifests such as \`${this.#urlOf(keys[0]!)}\``;
    const { Errors = [] } = await this.#expect(doing, this.#client.send(command, this.#options));
    const [first] = Errors;
    if (first === undefined) return;
    const share = `${Errors.length} of ${keys.length}`;
    throw new Error(`Expected to ${doing}, got ${first.Code} for ${share}: ${first.Message}`);
  }

  /**
   * The owner of the object with that key; `undefined` without one. It is listed first, because whether S3 says of
   * an object that it is not there (404) or nothing (403) depends on the right to list, which is a narrow one here.
   */
  async #ownerAt(key: string): Promise<string | undefined> {
    const page = await this.#unlessMissing(
      `read \`${this.#urlOf(key)}\``,
      this.#list({ Prefix: key, MaxKeys: 1 }),
    );
    return page !== undefined && keysIn(page).includes(key) ? this.#ownerOf(key) : undefined;
  }

  /** Of an object that names none: an empty text, which is nobody. `undefined` when it is gone by now. */
  async #ownerOf(key: string): Promise<string | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: key });
    const head = await this.#unlessMissing(
      `read \`${this.#urlOf(key)}\``,
      this.#client.send(command, this.#options),
    );
    return head && (head.Metadata?.[OWNER] ?? '');
  }

  #list(input: Omit<ListObjectsV2CommandInput, 'Bucket'>): Promise<ListObjectsV2CommandOutput> {
    const command = new ListObjectsV2Command({ Bucket: this.#bucket, ...input });
    return this.#client.send(command, this.#options);
  }

  async #unlessMissing<T>(doing: string, call: Promise<T>): Promise<T | undefined> {
    try {
      return await this.#expect(doing, call);
    } catch (error) {
      if (error instanceof S3Error && error.missing) return undefined;
      throw error;
    }
  }

  async #expect<T>(doing: string, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw new S3Error(doing, error);
    }
  }

  #urlOf(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }
}

function keysIn({ Contents = [] }: ListObjectsV2CommandOutput): readonly string[] {
  return Contents.map(({ Key = '' }) => Key);
}
