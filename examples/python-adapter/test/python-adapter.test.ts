import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { adapterOverHttp, describeAdapter } from 'lpr-testkit';
import { afterAll, beforeAll, describe, it } from 'vitest';

const serve = fileURLToPath(new URL('../src/serve.py', import.meta.url));
const server = spawn('python3', ['-B', serve], { stdio: ['ignore', 'pipe', 'ignore'] });
let endpoint: string;

beforeAll(async () => {
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  endpoint = line.toString().trim();
});

afterAll(() => {
  server.kill();
});

describeAdapter(
  'a Python',
  {
    mode: 'buffered',
    streamsBodies: false,
    invoke: (event) =>
      adapterOverHttp({
        endpoint,
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:conformance',
        mode: 'buffered',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }).invoke(event),
  },
  { describe, it },
);
