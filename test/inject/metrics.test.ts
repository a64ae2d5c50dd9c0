import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { expectRefusal, runCli, startCli } from './run-cli.ts';
import { makeTinyProgram } from './tiny-program.ts';

/** The real thing: set-up fetches it for `npm test` (resources/setup/prometheus.mjs). */
const server = process.env['PROMETHEUS_BIN'] ?? 'prometheus';
const promtool = process.env['PROMTOOL_BIN'] ?? 'promtool';
const root = resolve(import.meta.dirname, '..', '..');

const answer = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

let program: Awaited<ReturnType<typeof makeTinyProgram>>;
let render: ReturnType<typeof startCli>;
let prometheus: ChildProcess;
let metricsPort = 0;
let serverPort = 0;

async function freePort(): Promise<number> {
  const { promise, resolve: settle } = Promise.withResolvers<number>();
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => settle(typeof address === 'object' && address ? address.port : 0));
  });
  return promise;
}

/** A machine with a card, as far as its tool says. */
async function giveCard(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const card = {
    uuid: 'GPU-1',
    name: 'NVIDIA GeForce RTX 4090',
    'memory.used': '5120',
    'memory.total': '24564',
    'utilization.gpu': '97',
    'temperature.gpu': '71',
    'power.draw': '[N/A]',
  };
  const dmon = '# gpu  rxpci  txpci\n# Idx   MB/s   MB/s\n    0    212     36\n';
  await writeFile(join(folder, 'scenario.json'), JSON.stringify({ cards: { 0: card }, dmon }));
  const script = join(root, 'test', 'fixture', 'nvidia-smi.ts');
  await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\nexec ${process.execPath} ${script} ${folder} "$@"\n`);
  await chmod(join(folder, 'nvidia-smi'), 0o755);
}

beforeAll(async () => {
  if (spawnSync(promtool, ['--version']).error || spawnSync(server, ['--version']).error)
    throw new Error(
      'Prometheus is not here: sudo apt-get install -y prometheus, or let PROMETHEUS_BIN and PROMTOOL_BIN name it',
    );
  program = await makeTinyProgram({ slowness: 20 });
  [metricsPort, serverPort] = [await freePort(), await freePort()];
  const shots = Array.from({ length: 12 }, (_, i) => ({ id: `s${i}`, prompt: `a red ball ${i}`, seed: i }));
  await writeFile(program.at('long.steady.json'), JSON.stringify({ version: 1, name: 'long', shots }));
  await giveCard(program.at('bin'));
  render = startCli(
    [
      'render',
      '--project',
      program.at('long.steady.json'),
      '--out',
      program.at('long.mp4'),
      '--metrics',
      String(metricsPort),
    ],
    {
      ...program.env,
      PATH: `${program.at('bin')}:${process.env['PATH'] ?? ''}`,
    },
  );
  const scrape = { job_name: 'steadyframe', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] };
  // JSON is YAML.
  await writeFile(
    program.at('prometheus.yml'),
    JSON.stringify({ global: { scrape_interval: '500ms', scrape_timeout: '400ms' }, scrape_configs: [scrape] }),
  );
  prometheus = spawn(
    server,
    [
      `--config.file=${program.at('prometheus.yml')}`,
      `--storage.tsdb.path=${program.at('tsdb')}`,
      `--web.listen-address=127.0.0.1:${serverPort}`,
    ],
    { stdio: 'ignore' },
  );
});
afterAll(async () => {
  prometheus?.kill('SIGKILL');
  render?.child.kill('SIGTERM');
  await render?.end;
  await program?.[Symbol.asyncDispose]();
});

const patiently = { timeout: 90_000, interval: 250 };
async function ask(query: string): Promise<number | null> {
  const url = `http://127.0.0.1:${serverPort}/api/v1/query?query=${encodeURIComponent(query)}`;
  const said: unknown = await fetch(url).then(
    async (response): Promise<unknown> => response.json(),
    () => null,
  );
  const parsed = answer.safeParse(said);
  const [first] = parsed.success ? parsed.data.data.result : [];
  return first ? Number(first.value[1]) : null;
}

describe('a real Prometheus server', () => {
  it('scrapes a render under way', async () => {
    await expect.poll(async () => ask('up{job="steadyframe"}'), patiently).toBe(1);
    await expect.poll(async () => ask('steadyframe_engine_ready'), patiently).toBe(1);
    await expect
      .poll(async () => ask('steadyframe_generations_total{grade="full"}'), patiently)
      .toBeGreaterThanOrEqual(1);
    expect(await ask('steadyframe_generation_duration_seconds_count{pack="tiny"}')).toBeGreaterThanOrEqual(1);
    expect(
      await ask('histogram_quantile(0.5, sum by (le) (steadyframe_stage_duration_seconds_bucket{stage="denoise"}))'),
    ).toBeGreaterThan(0);
  });

  it('sees the card in base units, and nothing of what the card does not tell', async () => {
    await expect.poll(async () => ask('steadyframe_gpu_memory_used_bytes{gpu="0"}'), patiently).toBe(5_120 * 1024 ** 2);
    await expect.poll(async () => ask('steadyframe_gpu_pcie_receive_bytes_per_second'), patiently).toBe(212e6);
    expect(await ask('steadyframe_gpu_utilization_ratio')).toBe(0.97);
    expect(await ask('steadyframe_gpu_power_watts')).toBeNull();
  });

  it('can work out every expression of the dashboard', async () => {
    const text = await readFile(join(root, 'resources', 'dashboards', 'steadyframe.json'), 'utf8');
    const expressions = [...text.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(([, expr = '']) =>
      String(JSON.parse(`"${expr}"`))
        .replaceAll('$__rate_interval', '30s')
        .replaceAll('$__range', '5m'),
    );
    expect(expressions.length).toBeGreaterThan(25);
    for (const query of expressions) {
      const url = `http://127.0.0.1:${serverPort}/api/v1/query?query=${encodeURIComponent(query)}`;
      expect([query, (await fetch(url)).status]).toEqual([query, 200]);
    }
  });
});

describe('the real promtool', () => {
  it('finds nothing wrong with what is written, but for a name that was promised', async () => {
    const text = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).then(async (response) => response.text());
    // What this run did not measure is checked as well: a name and its unit don't depend on it.
    const rest = [
      'frame_psnr_decibels',
      'frame_ssim_ratio',
      'flow_magnitude_pixels',
      'flow_direction_entropy_bits',
      'embedding_drift_distance',
    ]
      .filter((name) => !text.includes(`steadyframe_${name} `))
      .map((name) => `# HELP steadyframe_${name} Help.\n# TYPE steadyframe_${name} gauge\nsteadyframe_${name} 1\n`);
    const { stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
      input: text + rest.join(''),
      encoding: 'utf8',
    });
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
    expect(complaints.filter((line) => !line.startsWith('steadyframe_flow_direction_entropy_bits'))).toEqual([]);
    expect(text).not.toContain('red ball');
  });

  it('accepts the scrape configuration', () => {
    const said = execFileSync(promtool, ['check', 'config', join(root, 'resources', 'dashboards', 'prometheus.yml')], {
      encoding: 'utf8',
    });
    expect(said).toContain('SUCCESS');
  });
});

it('is off unless it is asked for', async () => {
  const end = await runCli(
    ['render', '--prompt', 'a cat', '--frames', '5', '--steps', '4', '--out', program.at('quiet.mp4')],
    {
      ...program.env,
      STEADYFRAME_HOME: program.at('home-2'),
    },
  );
  expect(end.code).toBe(0);
  expect(end.stdout).not.toContain('metrics');
});

it.each(['0', '65536', '-1', 'http'])('refuses %j as a port', async (port) => {
  const end = await runCli(['render', '--prompt', 'a cat', '--metrics', port], program.env);
  expectRefusal(end, 2, '--metrics');
});

it('refuses a port that somebody else has', async () => {
  const end = await runCli(
    ['render', '--prompt', 'a cat', '--metrics', String(metricsPort), '--out', program.at('x.mp4')],
    {
      ...program.env,
      STEADYFRAME_HOME: program.at('home-3'),
    },
  );
  expectRefusal(end, 2, `--metrics "${metricsPort}"`, 'free port');
});
