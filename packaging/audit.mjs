/**
 * `npm run audit`: do the packages that are shipped have vulnerabilities that the registry knows? Exit code 1 if they have.
 * Where no registry answers, it says so and is no failure: the machine that builds may have no network.
 */
import { spawnSync } from 'node:child_process';

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = parse(stdout);
if (report?.metadata === undefined) {
  const reason = report?.message ?? report?.error?.summary ?? error?.message ?? lastLineOf(stderr);
  process.stdout.write(`audit: NOT DONE, the registry gives no answer: ${reason}\n`);
} else {
  const { total } = report.metadata.vulnerabilities;
  const { prod } = report.metadata.dependencies;
  process.stdout.write(`audit: ${prod} packages that are shipped, ${total} vulnerabilities\n`);
  for (const { name, severity, range, via } of Object.values(report.vulnerabilities ?? {}))
    process.stdout.write(
      `audit: ${name} ${range || '(all versions)'}: ${severity}, ${via.map(describeCause).join('; ')}\n`,
    );
  process.exitCode = total > 0 ? 1 : 0;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A package that has it from another one names that. */
function describeCause(cause) {
  return typeof cause === 'string' ? `by ${cause}` : `${cause.title} (${cause.url})`;
}

function lastLineOf(text) {
  return text.trim().split('\n').at(-1) || 'npm said nothing';
}
