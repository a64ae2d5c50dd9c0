import { messageOf, SetupFailure, inRoot, rootPath, say } from './base.mjs';
import { ensureBuild, isBuildReady } from './build.mjs';
import { areDependenciesReady, ensureDependencies } from './dependencies.mjs';
import { makeInstallers } from './dist.mjs';
import { ensureElectron } from './electron.mjs';
import { ensureFfmpeg, knownFfmpeg } from './ffmpeg.mjs';
import { ensureVirtualDisplay, hasDisplay } from './libraries.mjs';
import { requireThreads } from './limits.mjs';
import { withLock } from './lock.mjs';
import { ensureNode } from './node.mjs';
import { ensurePrometheus } from './prometheus.mjs';
import { capture, handOver } from './process.mjs';
import { runChecks, runTests } from './suite.mjs';

/** What each task needs before it can run, and how it runs. */
const TASKS = {
  start: { needs: ['ffmpeg', 'electron', 'app'], run: start },
  render: { needs: ['ffmpeg', 'cli'], run: commandLine },
  precheck: { needs: ['cli'], run: commandLine },
  inspect: { needs: ['ffmpeg', 'cli'], run: commandLine },
  replay: { needs: ['cli'], run: commandLine },
  faults: { needs: ['ffmpeg', 'cli'], run: commandLine },
  packs: { needs: ['cli'], run: commandLine },
  detect: { needs: ['ffmpeg', 'cli'], run: detect },
  doctor: { needs: ['ffmpeg', 'electron', 'cli'], isTolerant: true, run: commandLine },
  bench: { needs: ['ffmpeg', 'electron', 'app', 'display'], run: bench },
  test: { needs: ['ffmpeg', 'electron', 'display', 'prometheus'], run: runTests },
  check: { needs: ['ffmpeg'], run: runChecks },
  format: { needs: [], run: format },
  build: { needs: ['app'], run: async () => 0 },
  dist: { needs: ['ffmpeg', 'electron', 'app'], run: makeInstallers },
};

/** Everything the task needs, in order; each part says something only when it has work to do. */
async function prepare(needs, isTolerant) {
  if (!areDependenciesReady()) await withLock(ensureDependencies);
  const tools = {
    node: await ensureNode(),
    electron: null,
    ffmpeg: null,
    ffprobe: null,
    prometheus: null,
    display: [],
  };
  const tolerate = async (work) => {
    try {
      return await withLock(work);
    } catch (cause) {
      if (!isTolerant || !(cause instanceof SetupFailure)) throw cause;
      say(`${cause.message}; ${cause.nextStep}`);
      return null;
    }
  };
  if (needs.includes('ffmpeg')) Object.assign(tools, knownFfmpeg() ?? (await tolerate(ensureFfmpeg)));
  if (needs.includes('electron')) tools.electron = await tolerate(ensureElectron);
  // Without it its tests fail by name; the others run all the same.
  if (needs.includes('prometheus')) tools.prometheus = await prometheus();
  if (needs.includes('display') && !hasDisplay()) tools.display = await virtualDisplay();
  for (const build of ['cli', 'app'])
    if (needs.includes(build) && !isBuildReady(build)) await withLock(() => ensureBuild(build, tools.node));
  return tools;
}

async function prometheus() {
  try {
    return await withLock(ensurePrometheus);
  } catch (cause) {
    if (!(cause instanceof SetupFailure)) throw cause;
    say(`${cause.message}; ${cause.nextStep}`);
    return null;
  }
}

async function virtualDisplay() {
  return [await ensureVirtualDisplay(), '-a', '-s', '-screen 0 1600x1000x24'];
}

/** What a child is told about this machine; a variable that the user set is passed on as it is. */
function environment(tools) {
  const env = { ...process.env, STEADYFRAME_ROOT: rootPath };
  if (tools.ffmpeg) env.FFMPEG_BIN = tools.ffmpeg.path;
  if (tools.ffprobe) env.FFPROBE_BIN = tools.ffprobe.path;
  if (tools.prometheus) {
    env.PROMETHEUS_BIN = tools.prometheus.server;
    env.PROMTOOL_BIN = tools.prometheus.promtool;
  }
  if (tools.electron) env.ELECTRON_OVERRIDE_DIST_PATH = tools.electron.distPath;
  return env;
}

/** npm changes into the repository; paths that the user typed are meant from where the user stood. */
const userFolder = () => (process.cwd() === rootPath ? (process.env.INIT_CWD ?? rootPath) : process.cwd());

function commandLine(task, args, tools) {
  const line = [...tools.display, tools.node.path, inRoot('dist', 'main', 'cli.js'), task, ...args];
  return handOver(line[0], line.slice(1), { ...tools.env, ...tools.node.env }, userFolder());
}

function bench(_task, args, tools) {
  const line = [...tools.display, tools.node.path, inRoot('test', 'bench', 'index.ts'), ...args];
  return handOver(line[0], line.slice(1), { ...tools.env, ...tools.node.env }, userFolder());
}

/** How well the frame monitors tell faults, on clips that they were not tuned on. */
function detect(_task, args, tools) {
  const line = [tools.node.path, inRoot('test', 'detection', 'index.ts'), ...args];
  return handOver(line[0], line.slice(1), { ...tools.env, ...tools.node.env }, userFolder());
}

function start(_task, args, tools) {
  // Chromium refuses its sandbox for root; the shipped app never gets this switch.
  const rootArgs = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  return handOver(tools.electron.path, [...rootArgs, rootPath, ...args], tools.env, userFolder());
}

async function format(_task, args, tools) {
  const env = { ...tools.env, ...tools.node.env };
  const drawing = await capture(tools.node.path, [inRoot('resources', 'setup', 'draw-tree.mjs')], { env });
  process.stdout.write(drawing.output);
  const prettier = inRoot('node_modules', 'prettier', 'bin', 'prettier.cjs');
  const { code, output } = await capture(
    tools.node.path,
    [prettier, '--write', '--log-level', 'warn', ...(args.length ? args : ['.'])],
    { env },
  );
  process.stdout.write(output);
  return code || drawing.code || 0;
}

async function main([task, ...args]) {
  const entry = TASKS[task];
  if (!entry) throw new SetupFailure(`unknown task "${task ?? ''}"`, `use one of: ${Object.keys(TASKS).join(', ')}`, 2);
  if (task === 'start' && !hasDisplay())
    throw new SetupFailure(
      'the studio needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set',
      'run it on a desktop, or on a virtual display: xvfb-run -a npm start; without a window: npm run render -- --prompt "…"',
      2,
    );
  requireThreads();
  const tools = await prepare(entry.needs, entry.isTolerant ?? false);
  return entry.run(task, args, { ...tools, env: environment(tools) });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (cause) {
  if (cause instanceof SetupFailure) {
    process.stderr.write(`${messageOf(cause)}. Next: ${cause.nextStep}\n`);
    process.exitCode = cause.exitCode;
  } else {
    const isDebug = Boolean(process.env.STEADYFRAME_DEBUG);
    process.stderr.write(
      `set-up failed: ${isDebug ? cause?.stack : messageOf(cause)}. Next: remove node_modules and .cache, then run the command again; STEADYFRAME_DEBUG=1 says where\n`,
    );
    process.exitCode = 3;
  }
}
