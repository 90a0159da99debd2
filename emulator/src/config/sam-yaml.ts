import { YAMLMap, YAMLSeq } from 'yaml';
import type { Tags } from 'yaml';

const NAMES = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'Or',
  'Ref',
  'Select',
  'Split',
  'Sub',
  'Transform',
];

// CloudFormation's short forms: `!Ref x` is `{ Ref: x }`, `!Sub x` is `{ Fn::Sub: x }`.
function long(name: string): string {
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

/** Makes a YAML parser write CloudFormation's short forms out. */
export const INTRINSIC_TAGS: Tags = NAMES.flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => ({ [long(name)]: text }) },
  {
    tag: `!${name}`,
    collection: 'seq' as const,
    resolve: (items: unknown) => ({ [long(name)]: items instanceof YAMLSeq ? items.toJSON() : [] }),
  },
  {
    tag: `!${name}`,
    collection: 'map' as const,
    resolve: (items: unknown) => ({ [long(name)]: items instanceof YAMLMap ? items.toJSON() : {} }),
  },
]);
