/** How a function with `Mode: layer` is run: as a process of its own, behind the batching proxy. */
export interface ProcessDefinition {
  /** Lambda's name of the runtime: `nodejs24.x`, `python3.13`. */
  readonly runtime: string;
  /** What to run instead of the runtime's own client; it speaks the Runtime API itself. */
  readonly command?: readonly string[];
}

/** What `Runtime` may be without a `Command`. */
export const RUNTIME_FORM = /^(?:nodejs(?<node>\d+)\.x|python(?<python>3\.\d+))$/;

/** The major version of Node.js that a runtime's name means; `undefined` for other runtimes. */
export function nodeMajor(runtime: string): string | undefined {
  return RUNTIME_FORM.exec(runtime)?.groups?.['node'];
}

/** The version of Python that a runtime's name means; `undefined` for other runtimes. */
export function pythonVersion(runtime: string): string | undefined {
  return RUNTIME_FORM.exec(runtime)?.groups?.['python'];
}
