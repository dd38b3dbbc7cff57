import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import type { BusSignal } from '../../../../../src/restart/systemd/bus/bus-connection.js';
import type { SystemdCall, SystemdSession } from '../../../../../src/restart/systemd/bus/systemd-session.js';
import { watchUnit } from '../../../../../src/restart/systemd/bus/watch-unit.js';

/** A session whose answers come when they are told to, in the order of the calls. */
function session() {
  const signals = new Map<string, Subject<BusSignal>>();
  const calls: { readonly member: string; answer(body: readonly unknown[]): void }[] = [];
  const signalsOf = (member: string): Subject<BusSignal> => {
    const known = signals.get(member) ?? new Subject<BusSignal>();
    signals.set(member, known);
    return known;
  };
  const tell = (member: string, body: readonly unknown[]): void =>
    signalsOf(member).next({ sender: '', path: '', interface: '', member, body });
  const answer = async (member: string, body: readonly unknown[]): Promise<void> => {
    const at = calls.findIndex((call) => call.member === member);
    const [call] = calls.splice(at, 1);
    call?.answer(body);
    await new Promise(setImmediate);
  };
  return {
    tell,
    answer,
    session: {
      signals: ({ member }: { readonly member: string }) => signalsOf(member),
      call: ({ member }: SystemdCall) =>
        new Promise<readonly unknown[]>((resolve) => calls.push({ member, answer: resolve })),
    } as unknown as SystemdSession,
  };
}

const listed = (activeState: string) => [
  [['app.service', '', 'loaded', activeState, '', '', '/', 0, '', '/']],
];
const RUN_1 = [{ value: Uint8Array.of(1) }];

it('R17: two readings of a unit that overlap, as in a daemon-reload: what systemd has told since is not overwritten', async () => {
  const bus = session();
  const seen: string[] = [];
  const watching = watchUnit(bus.session, 'app.service', ['activeState', 'invocationId']).subscribe(
    ({ activeState }) => seen.push(activeState),
  );
  bus.tell('UnitRemoved', ['app.service', '/']);
  await bus.answer('GetUnit', ['/']);
  await bus.answer('ListUnitsByNames', listed('active'));
  await bus.answer('Get', RUN_1);
  await bus.answer('ListUnitsByNames', listed('active'));
  bus.tell('PropertiesChanged', ['', { ActiveState: { value: 'failed' } }]);
  await bus.answer('Get', RUN_1);
  expect(seen.at(-1)).toBe('failed');
  watching.unsubscribe();
});
