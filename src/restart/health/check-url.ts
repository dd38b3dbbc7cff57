import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { HealthVerdict } from '../../domain/cycle/restart-target.js';
import { readSystemCertificates } from '../../lib/system-certificates.js';

export interface NetworkCheckOptions {
  /** Deadline of the check, in ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Sends one request to a web server (`health_check_url`). Waits only for the head of the answer, however long its
 * body is. Does not follow a redirect, so it reaches no other host. Never rejects.
 */
export async function checkUrl(
  url: string,
  wanted: number | undefined,
  { timeoutMs, signal }: NetworkCheckOptions,
): Promise<HealthVerdict> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const status = await askStatus(url, AbortSignal.any([deadline, ...(signal ? [signal] : [])]));
    const isHealthy = wanted === undefined ? status >= 200 && status < 400 : status === wanted;
    if (isHealthy) return { healthy: true, detail: `health_check_url: status ${status}` };
    const allowed = wanted === undefined ? '200 to 399' : String(wanted);
    return { healthy: false, reason: `health_check_url: status ${status}, not ${allowed}` };
  } catch (error) {
    if (deadline.aborted) {
      return { healthy: false, reason: `health_check_url: no answer within ${timeoutMs / 1000} s` };
    }
    return { healthy: false, reason: `health_check_url: ${describe(error)}` };
  }
}

async function askStatus(url: string, signal: AbortSignal): Promise<number> {
  const isHttps = new URL(url).protocol === 'https:';
  const ca = isHttps ? readSystemCertificates() : undefined;
  return await new Promise((resolve, reject) => {
    const options = {
      // A connection to an earlier run of the server must not be reused.
      agent: false,
      headers: { 'User-Agent': 'monitor_service', Connection: 'close' },
      signal,
      ...(ca === undefined ? {} : { ca }),
    } as const;
    const onAnswer = (answer: IncomingMessage): void => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    };
    const request: ClientRequest = isHttps
      ? requestHttps(url, options, onAnswer)
      : requestHttp(url, options, onAnswer);
    // Stays attached: an error after the answer must not end the process.
    request.on('error', reject);
    // After an answer of status 101 there is no error, and the signal would find nothing left to end.
    request.on('close', () => reject(new Error('it closes the connection without an answer')));
    request.end();
  });
}

/** An `AggregateError`, for a name with several addresses, has no message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
