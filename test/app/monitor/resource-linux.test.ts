import { describe, expect, it } from 'vitest';

import { parseCgroup, parseMemory, parseProcessTicks, parseResident } from '../../../app/monitor/resource-linux.ts';

const meminfo = 'MemTotal:       16303832 kB\nMemFree:          812120 kB\nMemAvailable:    9120384 kB\n';
const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const none = { cgroupLimit: null, cgroupUsage: null, cgroupStat: null };

describe('memory', () => {
  it('is the machine’s where nothing limits it', () => {
    const machine = { totalBytes: 16_303_832 * KIB, availableBytes: 9_120_384 * KIB };
    expect(parseMemory({ meminfo, ...none })).toEqual(machine);
    expect(parseMemory({ meminfo, ...none, cgroupLimit: 'max\n', cgroupUsage: '1\n' })).toEqual(machine);
    expect(parseMemory({ meminfo, ...none, cgroupLimit: '9223372036854771712\n', cgroupUsage: '1\n' })).toEqual(
      machine,
    );
  });

  it('is the container’s where that allows less, and its cache counts as available', () => {
    const cgroupLimit = `${4 * GIB}\n`;
    const cgroupUsage = `${3 * GIB}\n`;
    expect(parseMemory({ meminfo, ...none, cgroupLimit, cgroupUsage })).toEqual({
      totalBytes: 4 * GIB,
      availableBytes: GIB,
    });
    const cached = `anon 1\ninactive_file ${512 * MIB}\n`;
    const { availableBytes } = parseMemory({ meminfo, cgroupLimit, cgroupUsage, cgroupStat: cached });
    expect(availableBytes).toBe(1.5 * GIB);
    const older = `inactive_file 1\ntotal_inactive_file ${256 * MIB}\n`;
    expect(parseMemory({ meminfo, cgroupLimit, cgroupUsage, cgroupStat: older }).availableBytes).toBeLessThan(
      1.5 * GIB,
    );
  });

  it('never promises more than the machine has, and less than nothing never', () => {
    const small = 'MemTotal: 16303832 kB\nMemAvailable: 1024 kB\n';
    expect(
      parseMemory({ meminfo: small, cgroupLimit: `${4 * GIB}`, cgroupUsage: '0', cgroupStat: null }).availableBytes,
    ).toBe(MIB);
    expect(
      parseMemory({ meminfo, cgroupLimit: `${GIB}`, cgroupUsage: `${2 * GIB}`, cgroupStat: null }).availableBytes,
    ).toBe(0);
  });

  it('is null where nothing can be read', () => {
    expect(parseMemory({ meminfo: null, ...none })).toEqual({ totalBytes: null, availableBytes: null });
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
