declare const brand: unique symbol;

/** The ARN of a Lambda function as it was configured, qualifier included; made by {@link parseFunctionArn} only. */
export type FunctionArn = string & { readonly [brand]: 'FunctionArn' };

/** The parts of a function ARN that routing and invoking need. */
export interface FunctionTarget {
  readonly arn: FunctionArn;
  readonly region: string;
  readonly functionName: string;
  /** A version, an alias or `$LATEST`; absent when the ARN names the function alone. */
  readonly qualifier: string | undefined;
}

/** What a function ARN looks like, for messages. */
export const FUNCTION_ARN_FORM = 'arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]';

// The patterns of the Lambda API's `FunctionName` parameter, narrowed to whole ARNs; a name has at most 64 characters.
const REGION = '(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\\d';
const WHOLE_REGION = new RegExp(`^${REGION}$`);
const FUNCTION_ARN = new RegExp(
  `^arn:aws[a-z-]*:lambda:(?<region>${REGION}):\\d{12}:function:(?<name>[\\w-]{1,64})` +
    '(?::(?<qualifier>\\$LATEST(?:\\.PUBLISHED)?|[\\w-]{1,128}))?$',
);

/** Takes a function ARN apart; `undefined` for anything that is not one (a layer's ARN, a bare name, an unresolved `${…}`). */
export function parseFunctionArn(value: unknown): FunctionTarget | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = FUNCTION_ARN.exec(value)?.groups;
  if (parts?.['region'] === undefined || parts['name'] === undefined) return undefined;
  return {
    arn: value as FunctionArn,
    region: parts['region'],
    functionName: parts['name'],
    qualifier: parts['qualifier'],
  };
}

/** Whether `value` has the form of an AWS region's name, e.g. `eu-west-1`, `us-gov-east-1`. */
export function isRegion(value: string): boolean {
  return WHOLE_REGION.test(value);
}
