import { NdjsonDecoder, parseBatch, parseBufferedAnswer } from 'lpr-protocol';
import { checkConfig, formatProblem, parseManifest } from 'lpr-router';
import { checkFunctions } from '../../../emulator/src/config/functions.ts';
import { problemAt } from '../page.ts';
import type { CodeBlock, Page, Problem } from '../page.ts';

/**
 * JSON parses, and is a good message of the wire contract when it looks like one; NDJSON is good records;
 * YAML that quotes no file is a manifest, or a part of one, that the router accepts.
 */
export function checkValues(pages: readonly Page[]): Problem[] {
  return pages.flatMap((page) =>
    page.blocks.flatMap((block) =>
      problemsOf(block).map((message) => problemAt(page, block.line, message)),
    ),
  );
}

function problemsOf({ language, code, quotedFrom }: CodeBlock): string[] {
  switch (language) {
    case 'json':
      return jsonProblems(code);
    case 'ndjson':
      return ndjsonProblems(code);
    case 'yaml':
      return quotedFrom === undefined ? manifestProblems(code) : [];
    default:
      return [];
  }
}

function jsonProblems(code: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(code);
  } catch (error) {
    return [`Expected JSON, got ${String(error)}`];
  }
  if (typeof value !== 'object' || value === null) return [];
  if ('batch' in value) {
    const parsed = parseBatch(value);
    return parsed.ok ? [] : [`Expected a batch event, got ${JSON.stringify(parsed.problems)}`];
  }
  if (!('responses' in value)) return [];
  const answer = parseBufferedAnswer(value);
  if (!answer.ok) return [`Expected a buffered answer, got ${answer.kind}`];
  return answer.results.flatMap((result) => (result.ok ? [] : [JSON.stringify(result)]));
}

function ndjsonProblems(code: string): string[] {
  const decoder = new NdjsonDecoder({ maxLineBytes: code.length + 1 });
  const results = [...decoder.push(Buffer.from(code)), ...decoder.end()];
  return results.flatMap((result) => (result.ok ? [] : [JSON.stringify(result)]));
}

/** Completes a part of a manifest and has the programs check it that will read it. */
export function manifestProblems(code: string): string[] {
  const manifest = parseManifest(completed(code), 'block');
  const { problems } = checkConfig(manifest, { listenAddr: 'optional' });
  const functions = /^Emulator:/m.test(code) ? checkFunctions(manifest).problems : [];
  return [...problems, ...functions].map(formatProblem);
}

function completed(code: string): string {
  if (/^x-lpr:/m.test(code)) return `${OPERATION}${code.replaceAll(/^/gm, '        ')}\n`;
  return /^Spec:/m.test(code) ? code : `${code}\nSpec:\n  paths: {}\n`;
}

const OPERATION = `Spec:
  paths:
    /path:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:name
`;
