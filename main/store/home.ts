import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for everything the program keeps; STEADYFRAME_HOME names another one. */
export function homeFolder(): string {
  const named = process.env['STEADYFRAME_HOME'];
  if (named) return named;
  if (process.platform === 'win32')
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Steadyframe');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Steadyframe');
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'steadyframe');
}

/** One name for each thing below the home folder. */
export function homePaths(home: string) {
  return {
    store: join(home, 'runs.db'),
    settings: join(home, 'settings.json'),
    /** Working files of a job: latents, frames. */
    job: (id: string) => join(home, 'jobs', id),
    clips: join(home, 'clips'),
    logs: join(home, 'logs'),
    /** What was kept of the faults of a run. */
    snapshots: (id: string) => join(home, 'snapshots', id),
    telemetry: join(home, 'telemetry.json'),
    search: join(home, 'search.db'),
    /** What is remembered of a pack's text embeddings, by project. */
    drift: (packId: string, project: string) => join(home, 'drift', `${packId}.${project}.json`),
    /** What recovery has learned beyond single jobs. */
    recovery: join(home, 'recovery.json'),
    /** Verified clips that may stand in for others. */
    templates: join(home, 'templates'),
    /** The user's logo for waiting clips: a copy, so that it is there when the file it came from is not. */
    logo: join(home, 'logo.png'),
    /** What monitors said of each run. */
    health: (id: string) => join(home, 'health', `${id}.bin.gz`),
  };
}
