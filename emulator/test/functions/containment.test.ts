import { expect, onTestFinished, test, vi } from 'vitest';
import { contain } from '../../src/functions/containment.ts';
import { Scope } from '../../src/functions/scope.ts';

function listen() {
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const listener = vi.fn<(error: unknown) => void>();
  process.on('uncaughtException', listener);
  onTestFinished(() => {
    process.off('uncaughtException', listener);
    for (const each of before) process.on('uncaughtException', each);
  });
  return listener;
}

test('errors of a scope are its own, and those of others go where they would go', async () => {
  const listener = listen();
  onTestFinished(contain());
  const scope = new Scope('hello', 'r-1');
  scope.run(() =>
    setTimeout(() => {
      throw new Error('mine');
    }),
  );
  await expect(scope.crashed).rejects.toMatchObject({ payload: { errorMessage: 'mine' } });
  expect(listener).not.toHaveBeenCalled();
  const foreign = new Error('foreign');
  setTimeout(() => {
    throw foreign;
  });
  await expect.poll(() => listener.mock.calls[0]?.[0]).toBe(foreign);
});

test('containment ends with the last of those who asked for it', () => {
  const exit: unknown = Reflect.get(process, 'exit');
  const [first, second] = [contain(), contain()];
  first();
  first();
  expect(Reflect.get(process, 'exit')).not.toBe(exit);
  second();
  expect(Reflect.get(process, 'exit')).toBe(exit);
});
