import { toPrintableJson } from '../../../lib/printable-json.js';
import { EXIT_FAILURE } from '../../shared/exit-codes.js';
import { toLocaleText } from '../../shared/locale-text.js';
import { writeOut } from '../../shared/output.js';
import { readConfig } from '../../shared/read-config.js';
import { runAndReport } from '../../shared/run-and-report.js';
import { type Cell, createPaint, formatTable, wantsColour } from '../../shared/terminal.js';
import type { CheckOptions } from '../run-check.js';
import { type DryRun, dryRun } from './dry-run.js';

/** Prints what an alarm of this process would do. Resolves to the exit code. */
export async function runDryRun(name: string, { config: file, health, json }: CheckOptions): Promise<number> {
  // The name is among our own arguments: a health check with pgrep -f would find it there.
  process.title = 'monitor_service check';
  return runAndReport(json, async () => {
    const result = await dryRun(name, readConfig(file), { health });
    await writeOut(json ? `${toPrintableJson(result, 2)}\n` : format(result));
    return result.answered ? 0 : EXIT_FAILURE;
  });
}

function format({ name, steps }: DryRun): string {
  const paint = createPaint(wantsColour(process.stdout));
  const rows = steps.flatMap(({ step, lines }) =>
    lines.map((line, index): Cell[] => [
      { text: index === 0 ? `  ${step}` : '', colour: 'bold' },
      toLocaleText(line, process.env),
    ]),
  );
  const title = paint({
    text: `What an alarm of ${name} would do now. Nothing is changed.`,
    colour: 'bold',
  });
  return `${[title, '', ...formatTable(rows, paint)].join('\n')}\n`;
}
