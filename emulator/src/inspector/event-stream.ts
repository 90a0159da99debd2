import type { ServerResponse } from 'node:http';
import type { Setting, Snapshot, Update } from './messages.ts';
import type { Changes, Recording } from './recording.ts';

/** How long changes are gathered before they are sent, in ms. */
const GATHER_MS = 100;
/** How often a quiet stream says that it is alive, in ms: proxies close silent connections. */
const ALIVE_MS = 15_000;
/** What may wait for a page that does not read; it is cut off then, and starts afresh. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** When a page that was cut off comes back, in ms. */
const RETRY_MS = 1000;

/** Server-sent events for pages: everything at first, then what changes, gathered. */
export class EventStream {
  readonly #recording: Recording;
  readonly #setting: () => Setting;
  readonly #pages = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;
  #alive: NodeJS.Timeout | undefined;
  #settingChanged = false;

  constructor(recording: Recording, setting: () => Setting) {
    this.#recording = recording;
    this.#setting = setting;
    recording.onChange = () => this.#gather();
  }

  /** Sends events until the page goes or the stream is closed. */
  open(response: ServerResponse): void {
    // What the others have not been told yet is in the snapshot: they learn of it first.
    this.#flush();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    response.write(format('snapshot', this.#snapshot()));
    this.#pages.add(response);
    this.#alive ??= setInterval(() => this.#send(': alive\n\n'), ALIVE_MS).unref();
    response.once('close', () => this.#pages.delete(response));
  }

  /** Routes, functions or the latest reload are others now. */
  settingChanged(): void {
    this.#settingChanged = true;
    this.#gather();
  }

  close(): void {
    this.#recording.onChange = undefined;
    clearTimeout(this.#timer);
    clearInterval(this.#alive);
    for (const response of this.#pages) response.end();
    this.#pages.clear();
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = this.#recording.takeChanges();
    const setting = this.#settingChanged ? { setting: this.#setting() } : {};
    this.#settingChanged = false;
    if (this.#pages.size === 0) return;
    this.#send(format('update', { ...this.#update(changes), ...setting }));
  }

  #send(text: string): void {
    for (const response of this.#pages) {
      response.write(text);
      if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
    }
  }

  #update({ batches, requests, environments, gone }: Changes): Update {
    const recording = this.#recording;
    return {
      batches: [...batches].flatMap((id) => recording.batches.get(id)?.summary ?? []),
      requests: [...requests].flatMap((id) => recording.requests.get(id)?.summary ?? []),
      environments: [...environments].flatMap((id) => recording.environments.get(id) ?? []),
      gone: [...gone],
    };
  }

  #snapshot(): Snapshot {
    const { batches, requests, environments } = this.#recording;
    return {
      batches: [...batches.values()].map(({ summary }) => summary),
      requests: [...requests.values()].map(({ summary }) => summary),
      environments: [...environments.values()],
      gone: [],
      setting: this.#setting(),
      nowMs: Date.now(),
    };
  }
}

function format(event: string, message: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(message)}\n\n`;
}
