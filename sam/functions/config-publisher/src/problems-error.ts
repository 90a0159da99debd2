import { formatProblem } from 'lpr-router';
import type { ConfigProblem } from 'lpr-router';

/** Properties or a manifest that cannot be used. The message is all the problems, a line each. */
export class ProblemsError extends Error {
  override readonly name = 'ProblemsError';
  readonly subject: 'properties' | 'manifest';
  readonly lines: readonly string[];

  constructor(subject: ProblemsError['subject'], problems: readonly ConfigProblem[]) {
    const lines = problems.map(formatProblem);
    super(lines.join('\n'));
    this.subject = subject;
    this.lines = lines;
  }
}
