import { fromFetch } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
import { app } from './app.ts';

export const handler = withBatchAdapterStream(fromFetch(app.fetch));
