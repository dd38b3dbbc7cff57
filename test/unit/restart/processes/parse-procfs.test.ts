import { describe, expect, it } from 'vitest';
import {
  parseExecutable,
  parseStat,
  parseStatus,
  parseStrings,
} from '../../../../src/restart/processes/parse-procfs.js';
import { parseIoClass, parseLimits } from '../../../../src/restart/processes/process-traits.js';

describe('what /proc says', () => {
  it('stat: a comm may hold parentheses and spaces', () => {
    const text = '42 (a) R (b c) S 7 40 39 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2';
    expect(parseStat(text)).toEqual({
      pid: 42,
      comm: 'a) R (b c',
      state: 'S',
      ppid: 7,
      pgrp: 40,
      session: 39,
      terminal: 0,
      kernelThread: false,
      startTime: 98765,
    });
  });

  it('stat: a kernel thread is told by its flags', () => {
    expect(parseStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0')?.kernelThread).toBe(
      true,
    );
  });

  it.each(['', '42', '42 (cut', '42 (cut) S 1'])('stat: %j is nothing', (text) => {
    expect(parseStat(text)).toBeUndefined();
  });

  it('status: real ids, groups, umask, and whether it is in a container', () => {
    const text =
      'Name:\tx\nUmask:\t0027\nUid:\t1000\t0\t0\t0\nGid:\t100\t1\t1\t1\nGroups:\t20 4 \nNSpid:\t12\t1\n';
    expect(parseStatus(text)).toEqual({
      credentials: { uid: 1000, gid: 100, groups: [4, 20] },
      umask: 0o027,
      inContainer: true,
    });
    expect(parseStatus('Uid:\t0\t0\nGid:\t0\t0\nGroups:\t \nNSpid:\t12\n')).toEqual({
      credentials: { uid: 0, gid: 0, groups: [] },
      umask: undefined,
      inContainer: false,
    });
    expect(parseStatus('')).toBeUndefined();
  });

  it('cmdline: empty arguments count, what is not UTF-8 is told', () => {
    expect(parseStrings(Buffer.from('a\0\0b\0'))).toEqual(['a', '', 'b']);
    expect(parseStrings(Buffer.from('a'))).toEqual(['a']);
    expect(parseStrings(Buffer.from([0x61, 0, 0xff, 0]))).toEqual(['a', undefined]);
    expect(parseStrings(Buffer.alloc(0))).toEqual([]);
  });

  it('exe: a removed file is told', () => {
    expect(parseExecutable('/usr/bin/x (deleted)')).toEqual({ path: '/usr/bin/x', deleted: true });
    expect(parseExecutable('/usr/bin/x')).toEqual({ path: '/usr/bin/x', deleted: false });
  });

  it('limits: as systemd writes them', () => {
    const text = [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max cpu time              unlimited            unlimited            seconds   ',
      'Max core file size        0                    unlimited            bytes     ',
      'Max open files            1024                 524288               files     ',
      'Max realtime timeout      unlimited            unlimited            us        ',
    ].join('\n');
    expect(parseLimits(text)).toEqual({
      CPU: 'infinity:infinity',
      CORE: '0:infinity',
      NOFILE: '1024:524288',
      RTTIME: 'infinity:infinity',
    });
    expect(parseLimits('')).toEqual({});
  });

  it.each([
    ['none: prio 0', {}],
    ['best-effort: prio 4\n', { io: { class: 2, priority: 4 } }],
    ['realtime: prio 1', { io: { class: 1, priority: 1 } }],
    ['idle', { io: { class: 3, priority: 0 } }],
    ['ionice: ioprio_get failed: No such process', undefined],
  ])('ionice: %j', (text, expected) => expect(parseIoClass(text)).toEqual(expected));
});
