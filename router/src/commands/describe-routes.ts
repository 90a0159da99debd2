import { printable } from '../config/wording.ts';
import type { KeyDimension, Operation } from '../routing/operation.ts';

const HEADINGS = ['METHOD', 'PATH', 'FUNCTION', 'WINDOW', 'SIZE', 'KEY', 'MODE'];

/** Routes as lines of a table, under a line of headings. */
export function describeRoutes(operations: readonly Operation[]): string[] {
  const rows = [HEADINGS, ...operations.map(describe)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function describe(operation: Operation): string[] {
  const { method, path, functionName, qualifier, maxWaitMs, dynamicWait, maxBatchSize } = operation;
  const { invokeMode, payloadFormat } = operation;
  return [
    method,
    path,
    qualifier === undefined ? functionName : `${functionName}:${qualifier}`,
    dynamicWait === undefined ? `${maxWaitMs} ms` : `${dynamicWait.minWaitMs}-${maxWaitMs} ms`,
    String(maxBatchSize),
    operation.key.map((dimension) => describeKey(dimension, operation)).join(', ') || '-',
    payloadFormat === 'single' ? `${invokeMode}, single` : invokeMode,
  ];
}

function describeKey({ source, name }: KeyDimension, { tenantHeader }: Operation): string {
  const text = printable(`${source}:${name}`);
  return source === 'header' && name === tenantHeader ? `${text} (tenant)` : text;
}
