import { isRequestId } from './ids.ts';
import { describeValue, isObject } from './problem.ts';
import type { Problem } from './problem.ts';

/** Fields of API Gateway's context that a router does not send (contract §1). */
const NOT_SENT = ['accountId', 'apiId', 'authentication', 'authorizer'] as const;

const EVENT_TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) \+0000$/;

/** Adds to `problems` whatever is wrong with the `requestContext` of `item`, which stands at `path`. */
export function checkContext(
  item: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problem[],
): void {
  const at = `${path}.requestContext`;
  const context = item['requestContext'];
  if (!isObject(context)) {
    problems.push({ path: at, expected: 'an object', got: describeValue(context) });
    return;
  }
  const expectField = (name: string, holds: boolean, expected: string, value: unknown): void => {
    if (!holds) {
      problems.push({ path: `${at}.${name}`, expected, got: describeValue(value) });
    }
  };
  const { routeKey, stage, requestId, timeEpoch, time, domainName, lpr } = context;
  expectField('routeKey', routeKey === item['routeKey'], 'the `routeKey` of the item', routeKey);
  expectField('stage', stage === '$default', '"$default"', stage);
  expectField('requestId', isRequestId(requestId), '"r-" and a lower-case UUID', requestId);
  expectField('timeEpoch', isEpoch(timeEpoch), 'an integer of epoch milliseconds', timeEpoch);
  expectField('time', isTimeOf(time, timeEpoch), '`timeEpoch` as day/Mon/year:time +0000', time);
  expectField(
    'domainName',
    domainName === undefined || isDomainName(domainName),
    'a host without port, or absent',
    domainName,
  );
  const deadlineMs = isObject(lpr) ? lpr['deadlineMs'] : undefined;
  expectField(
    'lpr.deadlineMs',
    isEpoch(deadlineMs),
    'an integer of epoch milliseconds',
    deadlineMs,
  );
  for (const name of NOT_SENT) {
    expectField(name, !(name in context), 'absent', context[name]);
  }
  checkRequestLine(context['http'], item['rawPath'], expectField);
}

function checkRequestLine(
  http: unknown,
  rawPath: unknown,
  expectField: (name: string, holds: boolean, expected: string, value: unknown) => void,
): void {
  if (!isObject(http)) {
    expectField('http', false, 'an object', http);
    return;
  }
  const { method, path, protocol, sourceIp, userAgent } = http;
  expectField('http.method', isText(method), 'a method', method);
  expectField('http.path', path === rawPath, 'the `rawPath` of the item', path);
  expectField('http.protocol', protocol === 'HTTP/1.1', '"HTTP/1.1"', protocol);
  expectField('http.sourceIp', isText(sourceIp), 'an address', sourceIp);
  expectField(
    'http.userAgent',
    userAgent === undefined || isText(userAgent),
    'a string with content, or absent',
    userAgent,
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isEpoch(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** A port is what follows the last colon, unless that colon is inside the brackets of an IPv6 address. */
function isDomainName(value: unknown): boolean {
  return isText(value) && !/:\d*$/.test(value.replace(/^\[[^\]]*\]/, ''));
}

function isTimeOf(time: unknown, timeEpoch: unknown): boolean {
  const match = typeof time === 'string' ? EVENT_TIME.exec(time) : null;
  if (match === null || !isEpoch(timeEpoch)) {
    return false;
  }
  const [, day, month, year, clock] = match;
  return Date.parse(`${day} ${month} ${year} ${clock} GMT`) === timeEpoch - (timeEpoch % 1000);
}
