import { expect, it } from 'vitest';

import { gpuSample } from '../../../app/contract/resource.ts';
import { parseWindowsCards, windowsScript } from '../../../app/monitor/resource-windows.ts';

const luid = 'luid_0x00000000_0x0000E5A9_phys_0';
const software = 'luid_0x00000000_0x0000FFFF_phys_0';
const engine = (pid: number, number: number, value: number) => ({
  name: `pid_${pid}_${luid}_eng_${number}_engtype_3D`,
  value,
});
const round = {
  engines: [engine(4242, 0, 41), engine(77, 0, 20), engine(77, 3, 5)],
  adapters: [
    { name: luid, value: 2_147_483_648 },
    { name: software, value: 0 },
  ],
  processes: [
    { name: `pid_77_${luid}`, value: 1_073_741_824 },
    { name: `pid_4242_${luid}`, value: 536_870_912 },
  ],
  cards: [{ name: 'AMD Radeon RX 6800', bytes: 17_163_091_968 }],
};

it('reads the card, its busiest engine and our own share', () => {
  const cards = parseWindowsCards(JSON.stringify(round), 77) ?? [];
  expect(cards).toHaveLength(1);
  expect(gpuSample.parse(cards[0])).toMatchObject({
    ...{ id: luid, name: 'AMD Radeon RX 6800', vendor: 'other', memoryUsedBytes: 2_147_483_648 },
    ...{ memoryTotalBytes: 17_163_091_968, ownMemoryBytes: 1_073_741_824, utilizationRatio: 0.61 },
    ...{ temperatureCelsius: null, powerWatts: null, pcieReceiveBytesPerSecond: null, throttle: null },
  });
  expect(parseWindowsCards(JSON.stringify(round), null)?.[0]?.ownMemoryBytes).toBeNull();
  expect(parseWindowsCards(JSON.stringify(round), 1)?.[0]?.ownMemoryBytes).toBe(0);
});

it('leaves out what could not be asked, which is no zero', () => {
  const without = (part: object) => parseWindowsCards(JSON.stringify({ ...round, ...part }), 77);
  expect(without({ engines: null })?.[0]).toMatchObject({ utilizationRatio: null, memoryUsedBytes: 2_147_483_648 });
  expect(without({ processes: null })?.[0]).toMatchObject({ ownMemoryBytes: null, utilizationRatio: 0.61 });
  expect(without({ adapters: null })).toBeNull();
  // A card at rest was asked and said so.
  expect(without({ engines: [] })?.[0]?.utilizationRatio).toBe(0);
});

it('asks each class by itself, and tells a failure from an empty answer', () => {
  const script = windowsScript(1_000);
  for (const [variable, kind] of [
    ['$e', 'GPUEngine'],
    ['$a', 'GPUAdapterMemory'],
    ['$m', 'GPUProcessMemory'],
  ])
    expect(script).toMatch(
      new RegExp(
        `"${kind}"\\) -ErrorAction Stop\\).*Count -eq 0\\) \\{ \\${variable} = \\$null .*catch \\{ \\${variable} = \\$null \\}`,
      ),
    );
});

it('gives no card the size of another', () => {
  const two = { ...round, cards: [...round.cards, { name: 'Intel UHD', bytes: null }] };
  expect(parseWindowsCards(JSON.stringify(two), null)?.[0]).toMatchObject({ name: luid, memoryTotalBytes: null });
});

it.each(['', '{', '[]', '{"engines":[]}', 'Get-CimInstance : Invalid class'])('makes nothing of %j', (line) => {
  expect(parseWindowsCards(line, null)).toBeNull();
});
