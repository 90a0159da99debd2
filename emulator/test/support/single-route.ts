/** A manifest with a function `hello` behind `GET path`, which knows nothing of batches. */
export const manifest = (path: string) => `
Spec:
  paths:
    ${path}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 1, maxBatchSize: 1, payloadFormat: single }
Emulator: { Functions: { hello: { Handler: app.handler } } }
`;

/** The handler of `hello`: answers with a variable. */
export const APP =
  'export const handler = async (event) => { console.log("seen", event.rawPath); return process.env.GREETING ?? "none"; };';
