import type { Counts } from './result.js';

export interface TestOutcome {
  readonly name: string;
  readonly outcome: keyof Counts;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** The outcome of each test in a JSON report of vitest. A file that fails before its tests counts as one that failed. */
export function readReport(text: string): TestOutcome[] {
  const { testResults } = JSON.parse(text) as Report;
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const outcomes = assertionResults.map(
      (result): TestOutcome => ({
        name: result.fullName,
        outcome: outcomeOf(result.status),
      }),
    );
    const isExplained = outcomes.some(({ outcome }) => outcome === 'failed');
    if (status !== 'failed' || isExplained) return outcomes;
    return [...outcomes, { name: `${name}: ${message.split('\n')[0]}`, outcome: 'failed' }];
  });
}

export function count(outcomes: readonly TestOutcome[]): Counts {
  const of = (wanted: keyof Counts) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

/** By the format of the binlog that stands in the name of the test: `MariaDB ROW`. */
export function countByFormat(outcomes: readonly TestOutcome[]): Record<string, Counts> {
  const formats = ['ROW', 'MIXED', 'STATEMENT'] as const;
  return Object.fromEntries(
    formats.map((format) => [
      format,
      count(outcomes.filter(({ name }) => new RegExp(`\\b(MariaDB|MySQL) ${format}\\b`).test(name))),
    ]),
  );
}

function outcomeOf(status: string): keyof Counts {
  if (status === 'passed' || status === 'failed') return status;
  return 'skipped';
}
