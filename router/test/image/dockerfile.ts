import { DockerfileParser } from 'dockerfile-ast';
import type { Copy, From, Instruction, PropertyInstruction } from 'dockerfile-ast';

/** What happens to a stage's files. */
export type Step =
  | { readonly type: 'workdir'; readonly path: string }
  | { readonly type: 'run'; readonly command: string }
  | { readonly type: 'copy'; readonly from: string | undefined; readonly paths: readonly string[] };

/** One stage, and how its image is run. */
export interface Stage {
  readonly name: string | undefined;
  readonly base: string;
  readonly steps: readonly Step[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  /** Exec forms only: a shell in between would keep signals to itself. */
  readonly healthcheck: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
}

/**
 * Reads a Dockerfile's stages.
 *
 * @throws Error for an instruction that is not understood here, so that none is passed over
 */
export function readDockerfile(text: string): Stage[] {
  const dockerfile = DockerfileParser.parse(text);
  const globals = new Map<string, string>();
  const stages: StageBuilder[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = instruction as From;
      const base = expand(from.getImage() ?? '', globals);
      stages.push({ name: from.getBuildStage() ?? undefined, base, ...emptyStage() });
      continue;
    }
    const stage = stages.at(-1);
    if (stage !== undefined) add(stage, instruction);
    else for (const [name, value] of properties(instruction)) globals.set(name, value);
  }
  return stages;
}

interface StageBuilder {
  name: string | undefined;
  base: string;
  steps: Step[];
  environment: Record<string, string>;
  labels: Record<string, string>;
  user: string | undefined;
  healthcheck: string[] | undefined;
  entrypoint: string[] | undefined;
}

function emptyStage(): Omit<StageBuilder, 'name' | 'base'> {
  return {
    steps: [],
    environment: {},
    labels: {},
    user: undefined,
    healthcheck: undefined,
    entrypoint: undefined,
  };
}

function add(stage: StageBuilder, instruction: Instruction): void {
  const text = instruction.getArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.steps.push({ type: 'workdir', path: text });
      break;
    case 'RUN':
      stage.steps.push({ type: 'run', command: text });
      break;
    case 'COPY': {
      const copy = instruction as Copy;
      const paths = copy.getArguments().map((argument) => argument.getValue());
      stage.steps.push({ type: 'copy', from: copy.getFromFlag()?.getValue() ?? undefined, paths });
      break;
    }
    case 'ENV':
      Object.assign(stage.environment, Object.fromEntries(properties(instruction)));
      break;
    case 'LABEL':
      Object.assign(stage.labels, Object.fromEntries(properties(instruction)));
      break;
    case 'USER':
      stage.user = text;
      break;
    case 'HEALTHCHECK':
      stage.healthcheck = execForm(text.replace(/^(?:--\S+\s+|\\\s+)*CMD\s+/, ''));
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = execForm(text);
      break;
    case 'ARG':
    case 'EXPOSE':
      break;
    default:
      throw new Error(
        `Expected an instruction that is known here, got \`${instruction.getKeyword()}\``,
      );
  }
}

function properties(instruction: Instruction): [string, string][] {
  return (instruction as PropertyInstruction)
    .getProperties()
    .map((property) => [property.getName(), property.getValue() ?? '']);
}

function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
}

function execForm(text: string): string[] {
  const words: unknown = JSON.parse(text);
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new Error(`Expected a list of words, got \`${text}\``);
}
