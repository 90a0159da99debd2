/** What a request's `FunctionName` names. */
export interface FunctionReference {
  readonly name: string;
  /** A version, an alias or `$LATEST`. */
  readonly qualifier: string | undefined;
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** What made-up ARNs name; the account is nobody's. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';

// The Lambda API's pattern of `FunctionName`, with its parts named.
const REFERENCE =
  /^(?:arn:aws[a-z-]*:lambda:)?(?:(?<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w.-]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[\w-]+))?$/;

/**
 * Reads a function's name (`hello`), partial ARN (`123456789012:function:hello`) or ARN, each with or
 * without `:QUALIFIER`; `undefined` for anything else.
 */
export function parseFunctionReference(text: string): FunctionReference | undefined {
  const parts = REFERENCE.exec(text)?.groups;
  if (parts?.['name'] === undefined) return undefined;
  const { name, qualifier, region, account } = parts;
  return { name, qualifier, region, account };
}

/** The ARN that stands for what was named; whatever is missing is made up. */
export function functionArn(reference: FunctionReference): string {
  const { name, qualifier, region = LOCAL_REGION, account = LOCAL_ACCOUNT } = reference;
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

/** The ARN of a function that was invoked by nothing but its name. */
export function defaultFunctionArn(name: string): string {
  return functionArn({ name, qualifier: undefined, region: undefined, account: undefined });
}
