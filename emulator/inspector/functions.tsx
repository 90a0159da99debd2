import type { FunctionSummary } from '../src/inspector/messages.ts';
import { count, milliseconds, time } from './format.ts';
import type { State } from './state.ts';

/** Functions with their environments, and the routes that lead to them. */
export function Functions({ state }: { readonly state: State }) {
  const { functions, routes } = state.setting;
  return (
    <main class="functions">
      <h2>Functions</h2>
      <Table
        columns={['Name', 'Handler', 'Runs in', 'Timeout', 'Memory', 'Environments', 'Invocations']}
        rows={functions.map((one) => rowOf(one, state))}
      />
      <h2>Environments</h2>
      <Table
        columns={[
          'Environment',
          'Function',
          'State',
          'Started',
          'Init',
          'Invocations',
          'Last used',
        ]}
        rows={environmentsOf(state).map(
          ({
            id,
            functionName,
            running,
            ended,
            startedAtMs,
            initMs,
            invocations,
            lastUsedAtMs,
          }) => [
            `#${id}`,
            functionName,
            ended ? 'ended' : running > 0 ? `busy (${running})` : 'idle',
            time(startedAtMs),
            milliseconds(initMs),
            String(invocations),
            lastUsedAtMs === undefined ? '–' : time(lastUsedAtMs),
          ],
        )}
      />
      <h2>Routes</h2>
      <Table
        columns={['Method', 'Path', 'Function', 'Largest batch', 'Longest wait', 'Answers']}
        rows={routes.map(({ method, path, functionName, maxBatchSize, maxWaitMs, streaming }) => [
          method,
          path,
          functionName,
          count(maxBatchSize, 'request'),
          milliseconds(maxWaitMs),
          streaming ? 'streamed' : 'buffered',
        ])}
      />
    </main>
  );
}

function rowOf(one: FunctionSummary, state: State): string[] {
  const own = environmentsOf(state).filter(({ functionName }) => functionName === one.name);
  const alive = own.filter(({ ended }) => !ended);
  const { error, reservedConcurrency } = one;
  const limit = reservedConcurrency === undefined ? '' : ` of ${reservedConcurrency}`;
  const problem =
    error !== undefined && alive.length === 0 ? `${error.errorType}: ${error.errorMessage}` : '';
  return [
    one.name,
    problem === '' ? one.handler : `${one.handler}: ${problem}`,
    one.faults ? `${one.runsIn}, with faults` : one.runsIn,
    `${one.timeoutSeconds} s`,
    `${one.memoryMb} MB`,
    `${alive.length}${limit}`,
    String(own.reduce((sum, { invocations }) => sum + invocations, 0)),
  ];
}

/** Those that are there first, then the ended ones; the newest first. */
function environmentsOf({ environments }: State) {
  return [...environments.values()].sort(
    (a, b) => Number(a.ended ?? false) - Number(b.ended ?? false) || b.id - a.id,
  );
}

interface TableProps {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function Table({ columns, rows }: TableProps) {
  return (
    <table>
      <thead>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, index) => (
          <tr key={index}>
            {cells.map((cell, column) => (
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
