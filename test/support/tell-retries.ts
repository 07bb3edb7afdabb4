import type { Reporter, TestCase } from 'vitest/node';

/** Names every test that passed only when it was tried again, so that none of them hides. */
export default class TellRetries implements Reporter {
  readonly #retried: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const diagnostic = test.diagnostic();
    if (test.result().state === 'passed' && diagnostic && diagnostic.retryCount > 0)
      this.#retried.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    for (const name of this.#retried) process.stdout.write(`passed when it was tried again: ${name}\n`);
  }
}
