import { describe, it, vi } from 'vitest';
import { sdkInvoker, signedInvoker } from 'lpr-router';
import { describeInvoker, invokerOverHttp } from 'lpr-testkit';

vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');

const runner = { describe, it };

describeInvoker(
  'sdk',
  invokerOverHttp((endpoint) => sdkInvoker({ endpoint })),
  runner,
);
describeInvoker(
  'signed',
  invokerOverHttp((endpoint) => signedInvoker({ endpoint })),
  runner,
);
