import { connect, type Socket } from 'node:net';
import type { HealthCheckPort } from '../../domain/cycle/process-settings.js';
import type { HealthVerdict } from '../../domain/cycle/restart-target.js';
import type { NetworkCheckOptions } from './check-url.js';

/** A server on this host may listen on only one of the two. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** Connects once to a TCP port (`health_check_port`) and closes the connection. Never rejects. */
export async function checkPort(
  { host, port }: HealthCheckPort,
  { timeoutMs, signal }: NetworkCheckOptions,
): Promise<HealthVerdict> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([deadline, ...(signal ? [signal] : [])]);
  const refusals: string[] = [];
  for (const address of host === undefined ? LOOPBACK : [host]) {
    const refusal = await connectOnce(address, port, ended);
    if (refusal === undefined) return { healthy: true, detail: `health_check_port: ${port} accepts` };
    refusals.push(refusal);
    if (ended.aborted) break;
  }
  const reason = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : refusals.join('; ');
  return { healthy: false, reason: `health_check_port: ${reason}` };
}

/** Resolves to the reason of a failure, or undefined. */
function connectOnce(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (refusal: string | undefined): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(refusal);
    };
    const onAbort = (): void => end('aborted');
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) end('aborted');
    socket.on('error', (error) => end(error.message));
    socket.on('connect', () => end(isOwnEnd(socket) ? `connect ECONNREFUSED ${host}:${port}` : undefined));
  });
}

/**
 * Whether the connection leads to itself: the kernel may give a client the very port that it connects to. Then nobody
 * listens.
 */
function isOwnEnd({ localAddress, localPort, remoteAddress, remotePort }: Socket): boolean {
  return localPort === remotePort && localAddress === remoteAddress;
}
