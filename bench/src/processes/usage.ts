import { tally } from '../tally.ts';

// Loaded before the program that is measured: answers the bench without a change to that program.
process.on('message', (message) => {
  if ((message as { type?: unknown }).type !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({
    type: 'usage',
    cpuMicros: user + system,
    rssBytes: process.memoryUsage.rss(),
    ...tally,
  });
});
// Whoever measures has gone, interrupted or killed: nothing goes on without it.
process.on('disconnect', () => process.exit());
// The program ends when it wants to, not when the bench does.
process.channel?.unref();
