import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';

const UPSTREAM = { AWS_LAMBDA_RUNTIME_API: '169.254.100.1:9001' };

describe('the settings of the proxy', () => {
  it('come from its environment', () => {
    expect(readSettings(UPSTREAM)).toEqual({
      upstream: { host: '169.254.100.1', port: 9001 },
      listen: { host: '127.0.0.1', port: 9009 },
      maxConcurrency: undefined,
      logFormat: 'text',
    });
    const others = {
      LPR_PROXY_ADDR: 'localhost:1',
      LPR_MAX_CONCURRENCY: '8',
      AWS_LAMBDA_LOG_FORMAT: 'Json',
    };
    expect(readSettings({ ...UPSTREAM, ...others })).toMatchObject({
      listen: { host: 'localhost', port: 1 },
      maxConcurrency: 8,
      logFormat: 'json',
    });
  });

  it.each([
    [{}, 'Expected `AWS_LAMBDA_RUNTIME_API` to be HOST:PORT, got ``'],
    [
      { ...UPSTREAM, LPR_PROXY_ADDR: '9009' },
      'Expected `LPR_PROXY_ADDR` to be HOST:PORT, got `9009`',
    ],
    [
      { ...UPSTREAM, LPR_MAX_CONCURRENCY: '0' },
      'Expected `LPR_MAX_CONCURRENCY` to be an integer from 1 to 9999, got `0`',
    ],
  ])('are refused with the name of the variable', (env, message) => {
    expect(() => readSettings(env)).toThrow(message);
  });
});

describe('the log of the proxy', () => {
  it('is written in the format that the function has chosen', () => {
    const lines: string[] = [];
    createLog('text', (line) => lines.push(line))('WARN', 'Watch out', { count: 2 });
    createLog('json', (line) => lines.push(line))('ERROR', 'Oh no', { requestId: 'r-1' });
    expect(lines[0]).toBe('lpr-runtime-api-proxy WARN Watch out count=2\n');
    expect(JSON.parse(lines[1]!)).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      level: 'ERROR',
      source: 'lpr-runtime-api-proxy',
      message: 'Oh no',
      requestId: 'r-1',
    });
  });
});
