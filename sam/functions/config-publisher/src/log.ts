/** Writes a line of JSON. Events hold a signed URL that anybody may answer with: log what is named only. */
export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}
