import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parse } from 'yaml';
import { INTRINSIC_TAGS } from '../../../emulator/src/config/sam-yaml.ts';

/** The folder with everything that is deployed. */
export const SAM = fileURLToPath(new URL('../..', import.meta.url));

/** Any mapping of a template. */
export type Section = Record<string, unknown>;

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Section;
}

/** A template with its short forms written out: `!Ref x` is `{ Ref: 'x' }`. */
export interface Template {
  readonly Parameters?: Record<string, Section>;
  readonly Rules?: Section;
  readonly Mappings?: Section;
  readonly Conditions?: Section;
  readonly Globals?: Section;
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
}

/** Every template, relative to {@link SAM}. */
export function templateNames(): string[] {
  return globSync('**/*.yaml', { cwd: SAM, exclude: ['**/node_modules', '**/.aws-sam', '**/dist'] })
    .filter((name) => /^(AWSTemplateFormatVersion|Transform):/m.test(textOf(name)))
    .toSorted();
}

export function readTemplate(name: string): Template {
  const template = parse(textOf(name), { customTags: INTRINSIC_TAGS }) as Template;
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    return [id, { ...resource, Properties: resource.Properties ?? {} }] as const;
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

function textOf(name: string): string {
  return readFileSync(join(SAM, name), 'utf8');
}

/** A value in one line: what an intrinsic function stands for is shown by its argument. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return value.map(inline).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Ref' || name === 'Fn::Sub') return inline(argument);
  if (name === 'Fn::GetAtt') return Array.isArray(argument) ? argument.join('.') : String(argument);
  return JSON.stringify(value);
}
