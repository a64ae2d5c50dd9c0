import { basename } from 'node:path';

import { routes, type RouteOutput } from '../../app/contract/route.ts';
import type { Studio } from '../job/studio.ts';
import { writeBundle } from '../telemetry/bundle.ts';
import type { Endpoints } from './router.ts';
import { serve } from './serve.ts';

/** What the endpoints need of the desktop. */
export interface Desktop {
  readonly platform: string;
  /** The system's save dialog for a file of the kind that the name ends in; null when the user closes it. */
  askSavePath(suggestedName: string): Promise<string | null>;
  /** The system's dialog for a PNG to read; null when the user closes it. */
  askPng(): Promise<string | null>;
  /** @throws where the system has no trash that takes the file */
  readonly trash: (path: string) => Promise<void>;
  /** Show a file in the system's file manager. */
  reveal(path: string): void;
}

const projectAnswer = (made: ReturnType<Studio['projects']['create']>): RouteOutput<'project.create'> =>
  made.ok ? { kind: 'done', project: made.value } : { kind: 'refused', problem: made.error };

/** Each route of the contract, carried out. */
export function studioEndpoints(studio: Studio, desktop: Desktop): Endpoints {
  return {
    'app.snapshot': serve(routes['app.snapshot'], async () => ({
      // First, as all else is what it is when this has been read.
      past: await studio.past.slice(null),
      version: studio.version,
      platform: desktop.platform,
      packs: studio.packs(),
      engine: studio.engineStatus(),
      experts: studio.experts(),
      projects: studio.projects.list(),
      settings: studio.settings(),
    })),
    'past.read': serve(routes['past.read'], async ({ olderThan }) => studio.past.slice(olderThan)),
    'settings.save': serve(routes['settings.save'], async (value) => {
      await studio.saveSettings(value);
      return null;
    }),
    'project.create': serve(routes['project.create'], ({ name }) => projectAnswer(studio.projects.create(name))),
    'project.delete': serve(routes['project.delete'], async ({ projectId }): Promise<RouteOutput<'project.delete'>> => {
      const removed = await studio.removals.project(projectId, desktop.trash);
      return removed.ok ? { kind: 'deleted', removal: removed.value } : { kind: 'refused', problem: removed.error };
    }),
    'project.rename': serve(routes['project.rename'], ({ projectId, name }) =>
      projectAnswer(studio.projects.rename(projectId, name)),
    ),
    'recovery.save': serve(routes['recovery.save'], async (policy) => {
      await studio.savePolicy(policy);
      return null;
    }),
    'stand-in.save': serve(routes['stand-in.save'], async (look) => {
      await studio.standIn.save(look);
      return null;
    }),
    'stand-in.choose-logo': serve(
      routes['stand-in.choose-logo'],
      async (): Promise<RouteOutput<'stand-in.choose-logo'>> => {
        const path = await desktop.askPng();
        if (path === null) return null;
        const logo = await studio.standIn.setLogo(path);
        return logo.ok
          ? { kind: 'taken', logoPath: logo.value ?? '' }
          : { kind: 'refused', name: basename(path), ...logo.error };
      },
    ),
    'stand-in.drop-logo': serve(routes['stand-in.drop-logo'], async () => {
      await studio.standIn.setLogo(null);
      return null;
    }),
    'stand-in.preview': serve(routes['stand-in.preview'], async ({ look, caption }) =>
      studio.standIn.preview(look, caption),
    ),
    'devices.read': serve(routes['devices.read'], async () => studio.devices.read()),
    'devices.save': serve(routes['devices.save'], async (choice) => studio.devices.save(choice)),
    'prompt.check': serve(routes['prompt.check'], ({ prompt }) => studio.checkPrompt(prompt)),
    'job.submit': serve(routes['job.submit'], (draft): RouteOutput<'job.submit'> => {
      const job = studio.submit(draft);
      return job.ok ? { kind: 'accepted', ...job.value } : { kind: 'refused', problem: job.error };
    }),
    'job.cancel': serve(routes['job.cancel'], ({ jobId }) => {
      studio.cancel(jobId);
      return null;
    }),
    'job.remove': serve(routes['job.remove'], async ({ jobId }) => studio.removals.clip(jobId, desktop.trash)),
    'job.resume': serve(routes['job.resume'], ({ jobId }) => studio.resume(jobId)),
    'job.again': serve(routes['job.again'], ({ jobId }) => studio.again(jobId)),
    'decision.answer': serve(routes['decision.answer'], ({ jobId, ...said }) => studio.answer(jobId, said)),
    'decision.override': serve(routes['decision.override'], ({ jobId, answer, remember }) =>
      studio.answer(jobId, { pendingId: null, answer, remember }),
    ),
    'clip.accept': serve(routes['clip.accept'], ({ jobId }) => {
      studio.acceptClip(jobId);
      return null;
    }),
    'health.read': serve(routes['health.read'], async ({ jobId }) => studio.health(jobId)),
    'resources.watch': serve(routes['resources.watch'], ({ isWatched }) => {
      studio.desk.watchResources(isWatched);
      return null;
    }),
    'telemetry.read': serve(routes['telemetry.read'], () => studio.desk.state()),
    'telemetry.save': serve(routes['telemetry.save'], async (settings) => studio.desk.save(settings)),
    'history.search': serve(routes['history.search'], (query) => ({ hits: studio.desk.search(query) })),
    'diagnostics.preview': serve(routes['diagnostics.preview'], async ({ jobId }) => studio.desk.previewBundle(jobId)),
    'diagnostics.read': serve(routes['diagnostics.read'], ({ bundleId, name, from }) =>
      studio.desk.readBundle(bundleId, name, from),
    ),
    'diagnostics.save': serve(routes['diagnostics.save'], async ({ bundleId, names }) => {
      const { jobId, files } = studio.desk.bundle(bundleId);
      const path = await desktop.askSavePath(`steadyframe-${(jobId ?? 'diagnostics').slice(0, 11)}.zip`);
      if (path === null) return null;
      const taken = files.filter(({ name }) => names.includes(name));
      return { path, bytes: await writeBundle(path, taken) };
    }),
    'inspection.cancel': serve(routes['inspection.cancel'], ({ inspectionId }) => {
      studio.inspections.cancel(inspectionId);
      return null;
    }),
    'report.read': serve(routes['report.read'], ({ jobId }) => studio.report(jobId)),
    'export.start': serve(routes['export.start'], async ({ jobId, options }) => {
      const clip = await studio.clipPath(jobId);
      if (clip === null) return null;
      const path = await desktop.askSavePath(`steadyframe-${jobId.slice(0, 8)}.mp4`);
      if (path === null) return null;
      const exportId = studio.startExport(jobId, path, options);
      return exportId === null ? null : { exportId, path };
    }),
    'export.cancel': serve(routes['export.cancel'], ({ exportId }) => {
      studio.cancelExport(exportId);
      return null;
    }),
    'export.reveal': serve(routes['export.reveal'], ({ exportId }) => {
      const path = studio.exportPath(exportId);
      if (path !== null) desktop.reveal(path);
      return null;
    }),
    'clip.reveal': serve(routes['clip.reveal'], async ({ jobId }) => {
      const path = await studio.clipPath(jobId);
      if (path !== null) desktop.reveal(path);
      return null;
    }),
  };
}
