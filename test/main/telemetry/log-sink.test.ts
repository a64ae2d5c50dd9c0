import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LOG_NAME, LogSink } from '../../../main/telemetry/log-sink.ts';

let base = '';
let folder = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-log-'));
  folder = join(base, 'logs');
});
afterEach(async () => rm(base, { recursive: true, force: true }));

const linesOf = async (name = LOG_NAME): Promise<readonly Record<string, unknown>[]> =>
  (await readFile(join(folder, name), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('writes whole lines in order, readable by nobody else', async () => {
  await using sink = new LogSink({ folder });
  for (let number = 0; number < 500; number += 1) sink.write({ number, text: 'line\nbreak' });
  await sink.flush();
  sink.write({ number: 500 });
  await sink.flush();
  expect((await linesOf()).map(({ number }) => number)).toEqual(Array.from({ length: 501 }, (_, i) => i));
  if (process.platform !== 'win32') expect((await stat(join(folder, LOG_NAME))).mode & 0o077).toBe(0);
});

it('keeps files small and few, and loses only the oldest lines', async () => {
  const sink = new LogSink({ folder, fileLimitBytes: 1_000, fileCount: 3 });
  for (let number = 0; number < 200; number += 1) {
    sink.write({ number, text: 'x'.repeat(50) });
    if (number % 7 === 0) await sink.flush();
  }
  await sink[Symbol.asyncDispose]();
  const names = (await readdir(folder)).toSorted();
  expect(names).toEqual(['steadyframe.1.jsonl', 'steadyframe.2.jsonl', 'steadyframe.jsonl']);
  for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(1_000);
  const kept = [...(await linesOf(names[1])), ...(await linesOf(names[0])), ...(await linesOf(names[2]))];
  const numbers = kept.map(({ number }) => Number(number));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 200 - numbers.length + i));
});

it('lets two programs write and put aside at once, and tears no line', async () => {
  const sinks = [
    new LogSink({ folder, fileLimitBytes: 2_000, fileCount: 50 }),
    new LogSink({ folder, fileLimitBytes: 2_000, fileCount: 50 }),
  ];
  for (let number = 0; number < 100; number += 1)
    for (const [of, sink] of sinks.entries()) {
      sink.write({ of, number, text: 'y'.repeat(40) });
      if (number % 5 === 0) await sink.flush();
    }
  await Promise.all(sinks.map(async (sink) => sink[Symbol.asyncDispose]()));
  const names = await readdir(folder);
  const all = (await Promise.all(names.map(async (name) => linesOf(name)))).flat();
  expect(all.length).toBe(200);
});

it('loses no file where two programs put files aside at the same moment, again and again', async () => {
  const options = { folder, fileLimitBytes: 100, fileCount: 200 };
  const sinks = [new LogSink(options), new LogSink(options)];
  for (let number = 0; number < 50; number += 1) {
    for (const [of, sink] of sinks.entries()) sink.write({ of, number, text: 'z'.repeat(50) });
    await Promise.all(sinks.map(async (sink) => sink.flush()));
  }
  const names = await readdir(folder);
  const all = (await Promise.all(names.map(async (name) => linesOf(name)))).flat();
  const told = all.map(({ of, number }) => `${String(of)} ${String(number)}`);
  expect(new Set(told).size).toBe(100);
  expect(sinks.map(({ droppedCount }) => droppedCount)).toEqual([0, 0]);
});

it('goes on where a program was killed while it put files aside', async () => {
  await mkdir(folder);
  const lock = join(folder, `${LOG_NAME}.lock`);
  await writeFile(lock, '');
  await utimes(lock, 0, 0);
  await using sink = new LogSink({ folder, fileLimitBytes: 50, fileCount: 3 });
  for (const number of [1, 2]) sink.write({ number, text: 'z'.repeat(40) });
  await sink.flush();
  expect((await readdir(folder)).toSorted()).toEqual(['steadyframe.1.jsonl', LOG_NAME]);
});

describe('a disk that takes nothing', () => {
  it('disturbs nobody, and is told of when it takes again', async () => {
    // A file where the folder should be: no right in the world helps, so it holds for an administrator too.
    await writeFile(folder, '');
    await using sink = new LogSink({ folder });
    for (let number = 0; number < 10; number += 1) sink.write({ number });
    await sink.flush();
    expect(sink.droppedCount).toBe(10);
    await rm(folder);
    sink.write({ number: 10 });
    await sink.flush();
    const [told, line] = await linesOf();
    expect(told).toMatchObject({ 'event.action': 'log.dropped', 'steadyframe.log.dropped': 10 });
    expect(line).toEqual({ number: 10 });
    expect(sink.droppedCount).toBe(0);
  });

  it.runIf(process.platform === 'linux')('holds for one that is really full', async () => {
    // /dev/full answers every write with ENOSPC, as a full disk does.
    const { symlink } = await import('node:fs/promises');
    await mkdir(folder);
    await symlink('/dev/full', join(folder, LOG_NAME));
    await using sink = new LogSink({ folder });
    sink.write({ number: 0 });
    await sink.flush();
    expect(sink.droppedCount).toBe(1);
  });
});

it('never holds more than its share of lines that wait', async () => {
  await using sink = new LogSink({ folder });
  for (let number = 0; number < 10_050; number += 1) sink.write({ number });
  expect(sink.droppedCount).toBe(50);
  await sink.flush();
  await chmod(folder, 0o755);
  expect((await linesOf()).at(-1)).toEqual({ number: 10_049 });
});
