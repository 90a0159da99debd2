import { createLogger } from '../../src/telemetry/logger.ts';

// A forced end right after a burst of lines, as a second signal makes it.
const { logger } = createLogger({ level: 'info' });
for (let n = 0; n < 1000; n += 1) logger.info({ n }, 'line');
process.exit(1);
