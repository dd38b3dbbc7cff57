import { MonitorError } from '../../domain/errors.js';
import type { Notice } from '../../domain/notification/notification.js';
import { describeCommandFailure } from '../../restart/commands/describe-command-failure.js';
import { runConfigured } from '../../restart/systemd/run-config-command.js';
import { formatNotice, type NoticeContext, toVariables } from '../../telemetry/notify/notification-text.js';

export interface NotifyCommandOptions {
  /** The deadline (R16), ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The notify command did not end with exit code 0. */
export class NotifyCommandError extends MonitorError {
  readonly retryable = false;
}

/**
 * Runs the command of `[notify]` for one notice (R15, R16). It has nothing to leave behind.
 *
 * @throws NotifyCommandError
 */
export async function runNotifyCommand(
  shell: string,
  notice: Notice,
  context: NoticeContext,
  options: NotifyCommandOptions,
): Promise<void> {
  const result = await runConfigured(shell, {
    ...options,
    leftovers: 'killed',
    input: `${formatNotice(notice, context)}\n`,
    variables: toVariables(notice, context),
  });
  if (result.outcome !== 'exited' || result.exitCode !== 0) {
    throw new NotifyCommandError(describeCommandFailure(result));
  }
}
