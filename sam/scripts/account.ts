import { ask, NotReadyError } from './programs.ts';

/** Where things are deployed to. */
export interface Account {
  readonly id: string;
  readonly region: string;
}

/** The account and region that the AWS CLI would use. */
export async function findAccount(): Promise<Account> {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const asked = region ?? (await configuredRegion());
  const query = ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text'];
  const expected =
    'credentials of an AWS account (`aws configure`, `aws sso login`, or variables such as AWS_PROFILE)';
  return { id: await ask('aws', [...query, '--region', asked], expected), region: asked };
}

async function configuredRegion(): Promise<string> {
  const expected = 'a region, in AWS_REGION or by `aws configure`';
  const region = await ask('aws', ['configure', 'get', 'region'], expected);
  if (region === '') throw new NotReadyError(`Expected ${expected}, got none`);
  return region;
}
