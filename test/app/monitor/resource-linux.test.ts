import { describe, expect, it } from 'vitest';

import { parseCgroup, parseMemory, parseProcessTicks, parseResident } from '../../../app/monitor/resource-linux.ts';

const meminfo = 'MemTotal:       16303832 kB\nMemFree:          812120 kB\nMemAvailable:    9120384 kB\n';
const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const group = (limit: string, usage: string | null = null, stat: string | null = null) => ({ limit, usage, stat });

describe('memory', () => {
  it('is the machine’s where nothing limits it', () => {
    const machine = { totalBytes: 16_303_832 * KIB, availableBytes: 9_120_384 * KIB };
    expect(parseMemory({ meminfo, groups: [] })).toEqual(machine);
    expect(parseMemory({ meminfo, groups: [group('max\n', '1\n')] })).toEqual(machine);
    expect(parseMemory({ meminfo, groups: [group('9223372036854771712\n', '1\n')] })).toEqual(machine);
  });

  it('is the container’s where that allows less, and its cache counts as available', () => {
    const own = (stat: string | null) => [group(`${4 * GIB}\n`, `${3 * GIB}\n`, stat)];
    expect(parseMemory({ meminfo, groups: own(null) })).toEqual({ totalBytes: 4 * GIB, availableBytes: GIB });
    const cached = `anon 1\ninactive_file ${512 * MIB}\n`;
    expect(parseMemory({ meminfo, groups: own(cached) }).availableBytes).toBe(1.5 * GIB);
    // Version 1: the group's own first, that of all below it later, as the usage is.
    const older = `inactive_file 1\nactive_file 2\ntotal_inactive_file ${256 * MIB}\n`;
    expect(parseMemory({ meminfo, groups: own(older) }).availableBytes).toBe(1.25 * GIB);
  });

  it('is what the tightest of all groups above leaves, be that its limit or what others in it use', () => {
    const own = group(`${4 * GIB}`, `${GIB}`);
    expect(parseMemory({ meminfo, groups: [group('max', `${GIB}`), group(`${2 * GIB}`, `${GIB}`)] })).toEqual({
      totalBytes: 2 * GIB,
      availableBytes: GIB,
    });
    expect(parseMemory({ meminfo, groups: [own, group(`${6 * GIB}`, `${5.5 * GIB}`)] })).toEqual({
      totalBytes: 4 * GIB,
      availableBytes: 0.5 * GIB,
    });
  });

  it('never promises more than the machine has, and less than nothing never', () => {
    const small = 'MemTotal: 16303832 kB\nMemAvailable: 1024 kB\n';
    expect(parseMemory({ meminfo: small, groups: [group(`${4 * GIB}`, '0')] }).availableBytes).toBe(MIB);
    expect(parseMemory({ meminfo, groups: [group(`${GIB}`, `${2 * GIB}`)] }).availableBytes).toBe(0);
  });

  it('is null where nothing can be read', () => {
    expect(parseMemory({ meminfo: null, groups: [] })).toEqual({ totalBytes: null, availableBytes: null });
  });
});

it.each([
  ['0::/user.slice/app.scope\n', { version: 2, path: '/user.slice/app.scope' }],
  ['9:name=systemd:/\n4:memory:/process_api/e284\n0::/\n', { version: 1, path: '/process_api/e284' }],
  ['4:cpu,memory:/a\n', { version: 1, path: '/a' }],
  ['', null],
])('finds the limiting group in %j', (text, expected) => expect(parseCgroup(text)).toEqual(expected));

it('counts the ticks of a process whatever it is called', () => {
  const rest = 'S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 11 0 12345 0 0';
  expect(parseProcessTicks(`77 (node) ${rest}`)).toBe(300);
  expect(parseProcessTicks(`77 (a) b (c) ${rest}`)).toBe(300);
  expect(parseProcessTicks('')).toBeNull();
  expect(parseResident('Name:\tnode\nVmHWM:\t 900 kB\nVmRSS:\t 812 kB\n')).toBe(812 * KIB);
  expect(parseResident('Name:\tkthreadd\n')).toBeNull();
});
