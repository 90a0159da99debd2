import { channels } from './channels.ts';
import type { FunctionLogged } from './channels.ts';

/** Prints what functions write, in place of standard output and error. */
export type OutputPrinter = (line: FunctionLogged) => void;

let printer: OutputPrinter | undefined;

/** Gives what functions write to `print` from now on; returns what ends it. There is one printer at a time. */
export function printOutput(print: OutputPrinter): () => void {
  printer = print;
  return () => {
    if (printer === print) printer = undefined;
  };
}

/** Publishes a line; `true` when a printer has printed it. */
export function publishLog(line: FunctionLogged): boolean {
  channels.logged.publish(line);
  printer?.(line);
  return printer !== undefined;
}

/** Publishes a line, and prints it to standard output or error when there is no printer. */
export function publishAndPrint(line: FunctionLogged): void {
  if (publishLog(line)) return;
  const stream = line.level === 'ERROR' || line.level === 'WARN' ? process.stderr : process.stdout;
  stream.write(`${line.text}\n`);
}
