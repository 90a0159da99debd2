/**
 * Whether a switch in the environment is on: unset, empty, `0`, `false`, `no` and `off` in any case
 * are off, anything else is on (wire contract §3).
 */
export function isOn(variable: string): boolean {
  const value = process.env[variable]?.toLowerCase() ?? '';
  return !['', '0', 'false', 'no', 'off'].includes(value);
}
