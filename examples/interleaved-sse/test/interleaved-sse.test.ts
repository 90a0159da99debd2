import { fileURLToPath } from 'node:url';
import { EventSource } from 'eventsource';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

interface Tick {
  readonly name: string;
  readonly tick: number;
}

/** Reads a stream as a browser does, until it says that it is done. */
function ticksOf(url: string, seen: (tick: Tick) => void): Promise<Tick[]> {
  const source = new EventSource(url);
  const ticks: Tick[] = [];
  return new Promise((resolve, reject) => {
    source.addEventListener('tick', ({ data, lastEventId }) => {
      const tick = JSON.parse(String(data)) as Tick;
      expect(lastEventId).toBe(String(tick.tick));
      ticks.push(tick);
      seen(tick);
    });
    source.addEventListener('done', () => resolve(ticks));
    source.addEventListener('error', ({ message }) => reject(new Error(message)));
  }).finally(() => source.close()) as Promise<Tick[]>;
}

test('clients of one batch read their own events with EventSource, at the same time', async () => {
  await using emulator = await startEmulator({ config, port: 0, lambdaPort: 0 });
  const order: string[] = [];
  const read = (name: string) =>
    ticksOf(`${emulator.url}/ticks/${name}?count=3`, ({ tick }) => order.push(`${name} ${tick}`));
  expect(await Promise.all([read('ada'), read('grace')])).toEqual(
    ['ada', 'grace'].map((name) => [1, 2, 3].map((tick) => ({ name, tick }))),
  );
  // Interleaved: neither waits for the other to end.
  expect(order.indexOf('grace 1')).toBeLessThan(order.indexOf('ada 3'));
  expect(order.indexOf('ada 1')).toBeLessThan(order.indexOf('grace 3'));
});

test('an event arrives before the stream ends', async () => {
  await using emulator = await startEmulator({ config, port: 0, lambdaPort: 0 });
  const response = await fetch(`${emulator.url}/ticks/ada?count=50`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  expect(Buffer.from(value).toString()).toBe(
    'id: 1\nevent: tick\ndata: {"name":"ada","tick":1}\n\n',
  );
  await reader.cancel();
});
