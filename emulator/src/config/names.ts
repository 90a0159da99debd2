import type { ConfigProblem, Manifest } from 'lpr-router';
import { mapping, valueAt } from './raw-manifest.ts';
import { isReservedVariable } from './reserved-variables.ts';

const FUNCTIONS = ['Emulator', 'Functions'];
const NAME_FORM = 'a name of at most 64 letters, digits, `-` and `_`';
const VARIABLE_FORM = 'a name of at least two letters, digits and `_` that begins with a letter';
const UNRESERVED_FORM = 'a name that Lambda does not reserve';

/** Names of functions and of their environment variables that Lambda would not take. */
export function* badNames(manifest: Manifest): Generator<ConfigProblem> {
  for (const [name, settings] of Object.entries(mapping(valueAt(manifest.value, FUNCTIONS)))) {
    if (!/^[\w-]{1,64}$/.test(name)) yield bad(manifest, [...FUNCTIONS, name], NAME_FORM);
    for (const variable of Object.keys(mapping(mapping(settings)['Environment']))) {
      const place = [...FUNCTIONS, name, 'Environment', variable];
      if (isReservedVariable(variable)) yield bad(manifest, place, UNRESERVED_FORM);
      else if (!/^[A-Za-z]\w+$/.test(variable)) yield bad(manifest, place, VARIABLE_FORM);
    }
  }
}

function bad(manifest: Manifest, place: readonly string[], expected: string): ConfigProblem {
  const position = manifest.locate(place, 'key');
  const got = `\`${place.at(-1)}\``;
  return { file: manifest.file, position, key: place.join('.'), expected, got };
}
