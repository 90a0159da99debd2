// Arbitraries
export { batchEvents, httpEvents, requestIds } from './fast-check/events.ts';
export type { BatchEventConstraints } from './fast-check/events.ts';
export { answerStreams, cutsOf, frameSequences, responseRecords } from './fast-check/records.ts';
