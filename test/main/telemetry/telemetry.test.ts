import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

import { strFromU8, strToU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { JobRequest } from '../../../app/contract/job.ts';
import { defaultTelemetrySettings } from '../../../app/contract/telemetry.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { StudioDesk } from '../../../main/job/studio-desk.ts';
import { freshSettings } from '../../../main/store/settings-file.ts';
import { collectBundle, pieceOf, writeBundle } from '../../../main/telemetry/bundle.ts';
import { LOG_NAME } from '../../../main/telemetry/log-sink.ts';
import { secretsOf } from '../../../main/telemetry/secrets.ts';
import { Telemetry } from '../../../main/telemetry/telemetry.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';

const PROMPT = 'a confidential panda behind the red door';
const request: JobRequest = {
  ...sampleRequest,
  prompt: PROMPT,
  negative: 'no rabbits at all',
  packId: 'tiny',
  rung: 'quick',
  frameCount: 5,
  steps: 4,
};
const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');

let base = '';
let home = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-telemetry-'));
  home = join(base, 'home');
});
afterEach(async () => rm(base, { recursive: true, force: true }));

async function open(telemetry: Telemetry): Promise<JobService> {
  await writeTinyPack(join(base, 'program', 'models', 'tiny', 'pack'));
  return JobService.open({
    home,
    root: join(base, 'program'),
    spawnEngine: (options) => spawnEngineFrom(enginePath, options),
    clips: fakeClips,
    onEvent: () => undefined,
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
    watchers: [telemetry.watcher],
  });
}
const openTelemetry = async (): Promise<Telemetry> => Telemetry.open({ home, version: '1.2.3', commit: 'abc' });

async function runOnce(wanted: Partial<JobRequest> = {}): Promise<{
  readonly id: string;
  readonly metrics: string;
  readonly lines: readonly Record<string, unknown>[];
}> {
  await using telemetry = await openTelemetry();
  await using service = await open(telemetry);
  const asked = { ...request, ...wanted };
  const job = service.enqueue(asked, asked.prompt, (id) => join(base, `${id}.mp4`));
  expect(await job.end).toMatchObject({ kind: 'delivered' });
  const metrics = await telemetry.metrics.registry.metrics();
  await telemetry.flush();
  return { id: job.id, metrics, lines: await logLines() };
}
const around = (text: string, word: string): string =>
  text.slice(Math.max(0, text.indexOf(word) - 80), text.indexOf(word) + 40);
const logLines = async (): Promise<readonly Record<string, unknown>[]> =>
  (await readFile(join(home, 'logs', LOG_NAME), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a run', () => {
  it('is counted and timed under the promised names, and what was not measured is left out', async () => {
    const { metrics } = await runOnce();
    const value = (name: string): number =>
      Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(metrics)?.[1]);
    expect(value('steadyframe_generations_total{grade="full"}')).toBe(1);
    expect(value('steadyframe_generations_total{grade="fallback"}')).toBe(0);
    expect(value('steadyframe_generation_duration_seconds_count{pack="tiny",rung="quick",provider="cpu"}')).toBe(1);
    for (const stage of ['text', 'denoise', 'decode'])
      expect(value(`steadyframe_stage_duration_seconds_count{stage="${stage}"}`)).toBe(1);
    expect(value('steadyframe_time_to_first_preview_seconds_count')).toBe(1);
    expect(value('steadyframe_queue_wait_seconds_count')).toBe(1);
    expect(value('steadyframe_batch_size_bucket{le="1"}')).toBe(1);
    expect(value('steadyframe_engine_ready')).toBe(1);
    expect(value('steadyframe_queue_depth')).toBe(0);
    expect(value('steadyframe_execution_provider_info{requested="cpu",measured="cpu"}')).toBe(1);
    expect(value('steadyframe_build_info{version="1.2.3",commit="abc"}')).toBe(1);
    expect(metrics).toMatch(/^steadyframe_expert_state\{pack="tiny",expert="\w+"\} 0$/m);
    expect(value('steadyframe_memory_available_bytes')).toBeGreaterThan(0);
    // No GPU was seen, no flow was measured: nothing is said of either.
    expect(metrics).not.toMatch(/^steadyframe_gpu_\w+\{/m);
    expect(metrics).not.toMatch(/^steadyframe_embedding_drift_distance /m);
    expect(metrics).not.toContain('panda');
  });

  it('is a tree of spans under the trace of its report', async () => {
    const { id, lines } = await runOnce();
    const ofRun = lines.filter((line) => line['trace.id'] !== undefined);
    expect(new Set(ofRun.map((line) => line['trace.id'])).size).toBe(1);
    expect(ofRun[0]?.['trace.id']).toMatch(/^[0-9a-f]{32}$/);
    const byAction = (action: string) => ofRun.filter((line) => line['event.action'] === action);
    const [run] = byAction('run.end');
    const [attempt] = byAction('attempt.end');
    expect(run).toMatchObject({ 'event.outcome': 'success', 'log.level': 'info', 'steadyframe.job.id': id });
    expect(run?.['parent.id']).toBeUndefined();
    expect(attempt?.['parent.id']).toBe(run?.['span.id']);
    for (const stage of ['stage.text', 'stage.denoise', 'stage.decode']) {
      const [line, ...more] = byAction(stage);
      expect(more).toEqual([]);
      expect(line?.['parent.id']).toBe(attempt?.['span.id']);
      expect(line?.['span.id']).toMatch(/^[0-9a-f]{16}$/);
      expect(Number.isInteger(line?.['event.duration'])).toBe(true);
      expect(Number(line?.['event.duration'])).toBeLessThan(Number(run?.['event.duration']));
    }
    // A span is where it began and how long it took: each lies within the one above it.
    const startOf = (line: Readonly<Record<string, unknown>> | undefined): number =>
      Date.parse(String(line?.['event.start']));
    const spans = ofRun.filter((line) => line['event.duration'] !== undefined);
    expect(spans.length).toBeGreaterThan(4);
    for (const line of spans) {
      expect(startOf(line)).toBeGreaterThanOrEqual(startOf(run));
      expect(startOf(line)).toBeLessThanOrEqual(Date.parse(String(line['@timestamp'])));
    }
    expect(startOf(byAction('stage.denoise')[0])).toBeGreaterThanOrEqual(startOf(byAction('stage.text')[0]));
    for (const line of lines) {
      expect(line).toMatchObject({ 'service.name': 'steadyframe', 'service.version': '1.2.3' });
      expect(new Date(String(line['@timestamp'])).toISOString()).toBe(line['@timestamp']);
      expect(
        Object.keys(line).every((key) =>
          /^(@timestamp|message|(ecs|log|service|process|event|trace|span|parent|error|steadyframe)\.[\w.]+)$/.test(
            key,
          ),
        ),
      ).toBe(true);
    }
  });

  it('leaves no prompt, no home and no user in the log', async () => {
    await runOnce();
    const text = await readFile(join(home, 'logs', LOG_NAME), 'utf8');
    expect(text).not.toContain('panda');
    expect(text).not.toContain('rabbits');
    expect(text).not.toContain(home);
    expect(text).not.toContain(`${homedir()}/`);
    expect(text).not.toMatch(new RegExp(`\\b${userInfo().username}\\b`));
  });

  it.each([
    ['zyrgopanda qwelvish brumbleton, as free as the flonk', 'no vexquill'],
    ['琉璃熊猫在翡翠雪地里缓缓行走，像风一样自由', '不要瘦骆驼'],
  ])('tells nobody a word of %j, though it was faulty, cured and judged', async (prompt, negative) => {
    const { id, metrics, lines } = await runOnce({
      ...{ prompt, negative },
      injections: [
        { name: 'latent-nonfinite', stage: 'denoise', at: 2, times: 1 },
        { name: 'engine-crashed', stage: 'decode', at: 0, times: 1 },
      ],
    });
    expect(lines.map((line) => line['event.action'])).toContain('fault');
    await using telemetry = await openTelemetry();
    await telemetry.save({ ...defaultTelemetrySettings, logLevel: 'debug' });
    await using service = await open(telemetry);
    const settings = freshSettings('en', 1);
    const desk = new StudioDesk(home, {
      ...{ service, telemetry },
      settings: () => ({ ...settings, draft: { ...settings.draft, prompt, negative } }),
    });
    const { bundleId } = await desk.previewBundle(id);
    const told = [
      metrics,
      await readFile(join(home, 'logs', LOG_NAME), 'utf8'),
      ...desk.bundle(bundleId).files.flatMap(({ name, data }) => [name, strFromU8(data)]),
    ];
    // Each word alone: a token, a finding or a message may quote any of them.
    const words = `${prompt} ${negative}`.match(/[a-z]{6,}|\p{Script=Han}{2}/gu) ?? [];
    expect(words.length).toBeGreaterThan(3);
    for (const word of words)
      for (const text of told) expect(text.includes(word) ? `${word}: ${around(text, word)}` : '').toBe('');
  });

  it('is logged with its prompt and every step where the user allows it', async () => {
    {
      await using telemetry = await openTelemetry();
      await telemetry.save({ ...defaultTelemetrySettings, mayLogPrompts: true, logLevel: 'debug' });
    }
    const { lines } = await runOnce();
    expect(lines.find((line) => line['event.action'] === 'run.begin')?.['steadyframe.prompt']).toBe(PROMPT);
    const steps = lines.filter((line) => line['event.action'] === 'step');
    const denoise = lines.find((line) => line['event.action'] === 'stage.denoise');
    expect(steps).toHaveLength(4);
    expect(steps.every((line) => line['parent.id'] === denoise?.['span.id'])).toBe(true);
  });

  it('is found again by its prompt and by what was logged of it, also after a restart and with a lost index', async () => {
    const { id } = await runOnce();
    const find = async (text: string): Promise<readonly string[]> => {
      await using telemetry = await openTelemetry();
      await using _service = await open(telemetry);
      return telemetry.history
        .search({ text, kinds: [], limit: 50 })
        .map(({ kind, jobId }) => `${kind} ${jobId === id}`);
    };
    expect(await find('confidential pan')).toEqual(['run true']);
    expect(await find('stage.denoise')).toEqual(['log true']);
    await rm(join(home, 'search.db'));
    expect(await find('confidential panda')).toEqual(['run true']);
    expect(await find('stage.denoise')).toEqual(['log true']);
  });
});

it('goes on without logs, without search and without the endpoint where none of them can be had', async () => {
  await using other = await Telemetry.open({ home: join(base, 'other'), version: '', commit: '', metricsPort: 0 });
  const taken = Number(new URL(other.state().metricsUrl ?? '').port);
  await writeFile(home, '');
  await using telemetry = await Telemetry.open({ home, version: '1', commit: 'a', metricsPort: taken });
  expect(telemetry.state()).toMatchObject({
    metricsUrl: null,
    problem: expect.stringContaining('EADDRINUSE') as string,
  });
  telemetry.log({ level: 'error', action: 'x', message: 'y' });
  await telemetry.flush();
  expect(telemetry.history.search({ text: 'x', kinds: [], limit: 5 })).toEqual([]);
});

describe('the settings', () => {
  it('switch the endpoint on and off at once, and stay', async () => {
    await using probe = await Telemetry.open({ home: join(base, 'other'), version: '', commit: '', metricsPort: 0 });
    const port = Number(new URL(probe.state().metricsUrl ?? '').port);
    await probe[Symbol.asyncDispose]();
    {
      await using telemetry = await openTelemetry();
      expect(telemetry.state().metricsUrl).toBeNull();
      const state = await telemetry.save({ ...defaultTelemetrySettings, metricsPort: port });
      expect(state).toMatchObject({ metricsUrl: `http://127.0.0.1:${port}/metrics`, problem: null });
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      expect((await telemetry.save(defaultTelemetrySettings)).metricsUrl).toBeNull();
      await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
      await telemetry.save({ ...defaultTelemetrySettings, metricsPort: port });
    }
    await using again = await openTelemetry();
    expect(again.state().metricsUrl).toBe(`http://127.0.0.1:${port}/metrics`);
  });

  it('are the defaults where the file is damaged, which is kept aside', async () => {
    await (await openTelemetry())[Symbol.asyncDispose]();
    await writeFile(join(home, 'telemetry.json'), '{"version":1,');
    await using telemetry = await openTelemetry();
    expect(telemetry.settings).toEqual(defaultTelemetrySettings);
    expect(await readFile(join(home, 'telemetry.json.damaged'), 'utf8')).toBe('{"version":1,');
  });
});

describe('the diagnostics bundle', () => {
  it('holds exactly what its preview says, and nothing that must not leave', async () => {
    const { id } = await runOnce();
    await using telemetry = await openTelemetry();
    await using service = await open(telemetry);
    const files = await collectBundle({
      ...{ home, jobId: id, events: service.events(), report: (of: string) => service.report(of) },
      ...{ device: { cwd: join(homedir(), 'work') }, secrets: secretsOf(home, []), mayShowTexts: false },
    });
    expect(files.map(({ name }) => name)).toEqual([
      'device.json',
      `reports/${id}.json`,
      'history.json',
      'logs/steadyframe.jsonl',
      `snapshots/${id}/attempt-0.json`,
    ]);
    const path = join(base, 'bundle.zip');
    const bytes = await writeBundle(
      path,
      files.filter(({ kind }) => kind !== 'history'),
    );
    const archive = await readFile(path);
    expect(archive.byteLength).toBe(bytes);
    const found = unzipSync(archive);
    expect(Object.keys(found)).toEqual(files.filter(({ kind }) => kind !== 'history').map(({ name }) => name));
    for (const [name, data] of Object.entries(found)) {
      expect(data.byteLength).toBe(files.find((file) => file.name === name)?.bytes);
      const text = strFromU8(data);
      for (const secret of ['panda', 'rabbits', home, homedir()]) expect(text).not.toContain(secret);
    }
    const report = JSON.parse(strFromU8(found[`reports/${id}.json`] ?? new Uint8Array())) as {
      request: { prompt: string };
    };
    expect(report.request.prompt).toBe(`<text of ${PROMPT.length} characters>`);
  });

  it('can be read before it is written, and is written as it was read, whatever happened in between', async () => {
    const { id } = await runOnce();
    await using telemetry = await openTelemetry();
    await using service = await open(telemetry);
    const desk = new StudioDesk(home, { service, telemetry, settings: () => freshSettings('en', 1) });
    const { bundleId, parts } = await desk.previewBundle(id);
    const read = (name: string): string => {
      let text = '';
      for (let next: number | null = 0; next !== null;) {
        const piece = desk.readBundle(bundleId, name, next);
        text += piece.text ?? '';
        next = piece.next;
      }
      return text;
    };
    const shown = parts.map(({ name }) => [name, read(name)] as const);
    // More of the same run's log, after it was shown.
    telemetry.log({ level: 'info', action: 'late', message: 'too late for the bundle' });
    await telemetry.flush();
    const path = join(base, 'shown.zip');
    await writeBundle(path, desk.bundle(bundleId).files);
    const found = Object.entries(unzipSync(await readFile(path))).map(([name, data]) => [name, strFromU8(data)]);
    expect(found).toEqual(shown);
    expect(shown.map(([, text]) => text).join('')).not.toMatch(/too late|panda|rabbits/);
    const device = JSON.parse(read('device.json')) as Record<string, unknown>;
    expect(device).toMatchObject({
      packs: [{ id: 'tiny', version: '1.0.0', sha256: service.packs[0]?.sha256, problem: null }],
      memory: { totalBytes: expect.any(Number) as number },
      disk: { homeFreeBytes: expect.any(Number) as number },
    });
    // The next look is another bundle: what was shown before is not written any more.
    await desk.previewBundle(id);
    expect(() => desk.bundle(bundleId)).toThrow('no longer shown');
  });

  it('is handed out in pieces that end between characters', () => {
    const data = strToU8(`${'a'.repeat(99_999)}🐼${'b'.repeat(10)}`);
    const file = { name: 'a.json', kind: 'device', bytes: data.byteLength, data } as const;
    const first = pieceOf(file, 0);
    expect(first).toMatchObject({ next: 99_999 });
    expect(pieceOf(file, 99_999)).toEqual({ text: `🐼${'b'.repeat(10)}`, next: null });
    expect(pieceOf({ ...file, name: 'a.bin' }, 0)).toEqual({ text: null, next: null });
  });
});
