import type { Operation, RouterConfig } from 'lpr-router';

/** Describes the routes, a line each, in columns. */
export function routeTable(config: RouterConfig): string[] {
  const rows = config.operations.map((operation) => [
    operation.method,
    operation.path,
    operation.functionName,
    `${operation.maxBatchSize} per batch, ${operation.maxWaitMs} ms${
      operation.invokeMode === 'response_stream' ? ', streaming' : ''
    }`,
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** A command that calls the first route, one that a plain `curl` can call if there is one. */
export function curlLine(config: RouterConfig, url: string): string | undefined {
  const { operations } = config;
  const plain = operations.find(({ method }) => method === 'GET' || method === 'ANY');
  const operation = plain ?? operations[0];
  if (operation === undefined) return undefined;
  const method = plain === undefined ? `-X ${operation.method} ` : '';
  return `curl ${method}${url}${examplePath(operation)}`;
}

function examplePath({ path }: Operation): string {
  return path.replaceAll(/\{[^}]+\}/g, 'world');
}
