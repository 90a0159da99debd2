import { withBatchAdapter } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
import { conformanceHandler } from '../../../src/conformance/conformance-handler.ts';

const quiet = { onError: () => undefined };

export const buffered = withBatchAdapter(conformanceHandler(), quiet);
export const streamed = withBatchAdapterStream(conformanceHandler(), quiet);
