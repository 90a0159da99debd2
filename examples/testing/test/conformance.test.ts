import { withBatchAdapter } from 'lpr-lambda-adapter';
import { adapterInProcess, conformanceHandler, describeAdapter } from 'lpr-testkit';
import { describe, it } from 'vitest';

const inside = conformanceHandler();
const wrapped = withBatchAdapter(inside, { onError: () => {} });

describeAdapter('our', adapterInProcess(wrapped, 'buffered'), { describe, it });
