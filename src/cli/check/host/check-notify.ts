import type { NotifyConfig } from '../../../config/config.js';
import { type Finding, okFinding } from '../../../domain/finding.js';
import { judgeShellCommand } from './judge-shell-command.js';

/**
 * Checks the receivers of notifications. Sends nothing. Does not show the address of the webhook, because it may hold
 * a token (R24).
 */
export async function checkNotify({
  command,
  webhook,
  events,
  groupWithinMs,
}: NotifyConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  const what = `${events.join(', ')}${groupWithinMs === 0 ? '' : `; those within ${groupWithinMs / 1000} s in one message`}`;
  if (command !== undefined) {
    const complaints = await judgeShellCommand('notify', 'command', command);
    findings.push(...complaints);
    if (complaints.length === 0) findings.push(okFinding('notify', `the command runs for ${what}`));
  }
  if (webhook !== undefined) {
    const message = `the webhook at ${new URL(webhook).host} receives ${what}; nothing was sent`;
    findings.push(okFinding('notify', message));
  }
  return findings;
}
