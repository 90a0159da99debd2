import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import type { FetchEnvironment } from 'lpr-lambda-adapter';

/** An ordinary Hono application; it knows nothing of batches. */
export const app = new Hono<{ Bindings: FetchEnvironment }>();

app.get('/api/hello/:name', (c) =>
  c.json({ hello: c.req.param('name'), requestId: c.env.context.item?.requestId }),
);

app.post('/api/echo', async (c) => {
  const text = await c.req.text();
  if (text === '') throw new HTTPException(400, { message: 'Nothing to echo' });
  return c.text(text);
});

app.get('/api/count/:to', (c) =>
  streamSSE(c, async (stream) => {
    for (let n = 1; n <= Number(c.req.param('to')); n += 1) {
      await stream.writeSSE({ data: String(n) });
    }
  }),
);
