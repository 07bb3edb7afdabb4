import { loadConfigText } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';

/** Everything that is wrong with a YAML text, as people see it. */
export function problemsOf(text: string, env: Record<string, string> = {}): string[] {
  return loadConfigText(text, { path: '/tmp/team.yaml', shownAs: 'team.yaml', env }).problems.map(formatProblem);
}

/** As `problemsOf`, for one agent with this backend (flow or indented block, written below `backend:`). */
export function backendProblems(backend: string, env: Record<string, string> = {}): string[] {
  return problemsOf(`agents:\n  - id: a\n    backend: ${backend}\n`, env);
}
