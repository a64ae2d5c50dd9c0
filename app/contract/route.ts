import { z } from 'zod';

import { DEFAULT_PROJECT_ID } from './default.ts';
import { providerNames } from '../plan/provider-order.ts';
import { deviceChoice, deviceSettings } from './device.ts';
import { engineStatus } from './engine-status.ts';
import { expertHealth, healthEvent, runHealth } from './health.ts';
import { injection } from './injection.ts';
import { inspectReport } from './inspection.ts';
import { jobEvent, jobId, jobRequest } from './job.ts';
import { packDamage } from './pack-damage.ts';
import { pastSlice } from './past.ts';
import { recoveryAnswer, recoveryPolicy } from './policy.ts';
import { defaultStandIn, logoProblem, standInLook, standInPreview, standInSettings } from './stand-in.ts';
import { precheckReport, runReport } from './report.ts';
import { resourceSample } from './resource.ts';
import { removal, studioProject, studioProjectId } from './studio-project.ts';
import {
  bundlePreview,
  bundleRequest,
  bundleText,
  historyHit,
  historyQuery,
  telemetrySettings,
  telemetryState,
} from './telemetry.ts';

export type { EngineStatus } from './engine-status.ts';

export interface RouteDefinition<I, O> {
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
}

/** What the user asked for, before the pack's defaults fill what was left open (null). */
export const draftRequest = z.strictObject({
  prompt: z.string().max(200_000),
  negative: z.string().max(200_000),
  packId: z.string().max(200).nullable(),
  rung: z.string().max(200).nullable(),
  frameCount: z.number().nullable(),
  steps: z.number().nullable(),
  seed: z.number().nullable(),
  /** Faults to be put into the run on purpose: the fault lab's. */
  injections: z.array(injection).max(32).readonly().optional(),
  /** Whether the pack was named by the user, so that no other may take its place; absent: a pack that is named is. */
  isPackChosen: z.boolean().optional(),
  /** Absent: the first project. */
  projectId: studioProjectId.optional(),
});
export type DraftRequest = z.infer<typeof draftRequest>;

/** Why a request can't be carried out, as data: window and command line put it into words in their language. */
export const requestProblem = z.strictObject({
  code: z.enum([
    'prompt-empty',
    'prompt-too-long',
    'prompt-control-characters',
    'prompt-malformed',
    'prompt-sensitive',
    'pack-unknown',
    'rung-unknown',
    'frames-illegal',
    'steps-illegal',
    'seed-illegal',
    'number-illegal',
    'deadline-illegal',
    'fault-illegal',
    'project-unknown',
    'project-name',
    'project-taken',
    'project-first',
    'project-busy',
  ]),
  field: z.string(),
  value: z.string(),
  /** The legal values or range, ready to be shown. */
  legal: z.string(),
});
export type RequestProblem = z.infer<typeof requestProblem>;

export const packView = z.strictObject({
  id: z.string(),
  version: z.string(),
  name: z.strictObject({ en: z.string(), zh: z.string() }),
  fps: z.number(),
  frameRule: z.strictObject({ multiple: z.int(), offset: z.int() }),
  rungs: z
    .array(
      z.strictObject({
        name: z.string(),
        widthPx: z.int(),
        heightPx: z.int(),
        frameCount: z.int(),
        steps: z.int(),
        expectedSeconds: z.number(),
      }),
    )
    .readonly(),
  /** Null when the pack is sound; else one line that says what is wrong with it. */
  fault: z.string().nullable(),
  /** The same as data, where it is known. */
  damage: packDamage.optional(),
});
export type PackView = z.infer<typeof packView>;

/** What the page says of itself; `draft` is the prompt being typed, which must never be lost. */
export const pageSettings = z.strictObject({
  locale: z.enum(['en', 'zh']),
  /** The project that is open. */
  projectId: studioProjectId.default(DEFAULT_PROJECT_ID),
  draft: z.strictObject({
    prompt: z.string().max(200_000),
    negative: z.string().max(200_000),
    /** Null: the best pack that is ready, and another one where that fails. */
    packId: z.string().max(200).nullable().default(null),
    rung: z.string().nullable(),
    frameCount: z.int().nullable(),
    seed: z.int().nonnegative(),
    isSeedLocked: z.boolean(),
  }),
});
export type PageSettings = z.infer<typeof pageSettings>;

/** What is remembered between starts. */
export const settings = z.strictObject({
  version: z.literal(2),
  ...pageSettings.shape,
  recovery: recoveryPolicy,
  /** Settings that were written before there was a choice get the first one. */
  standIn: standInSettings.default(defaultStandIn),
  /** Devices to compute on, in the order in which they are tried; absent: the processor. */
  providers: z.array(z.enum(providerNames)).readonly().optional(),
});
export type Settings = z.infer<typeof settings>;

export const exportOptions = z.strictObject({
  widthPx: z.int().min(16).max(7680).multipleOf(2),
  heightPx: z.int().min(16).max(4320).multipleOf(2),
  fps: z.number().min(1).max(120),
});
export type ExportOptions = z.infer<typeof exportOptions>;

const nothing = z.null();

const projectName = z.string().max(1_000);
/** What became of a project that was to be made or renamed. */
const projectAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), project: studioProject }),
  z.strictObject({ kind: z.literal('refused'), problem: requestProblem }),
]);

/** Everything the renderer may ask of main. Router, preload list and client derive from this table. */
export const routes = {
  'app.snapshot': {
    input: nothing,
    output: z.strictObject({
      version: z.string(),
      platform: z.string(),
      /** The newest jobs as events: the renderer folds them with the same reduce, and then asks for those before them. */
      past: pastSlice,
      packs: z.array(packView).readonly(),
      engine: engineStatus,
      experts: z.array(expertHealth).readonly(),
      projects: z.array(studioProject).readonly(),
      settings,
    }),
  },
  'past.read': { input: z.strictObject({ olderThan: z.int() }), output: pastSlice },
  'settings.save': { input: pageSettings, output: nothing },
  'project.create': { input: z.strictObject({ name: projectName }), output: projectAnswer },
  /**
   * Takes its clips off the list, with reports, snapshots, templates and what was learned in it; the films go to the system's
   * trash. Refused while one of its clips is in the making.
   */
  'project.delete': {
    input: z.strictObject({ projectId: studioProjectId }),
    output: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('deleted'), removal }),
      z.strictObject({ kind: z.literal('refused'), problem: requestProblem }),
    ]),
  },
  'project.rename': { input: z.strictObject({ projectId: studioProjectId, name: projectName }), output: projectAnswer },
  'recovery.save': { input: recoveryPolicy, output: nothing },
  'stand-in.save': { input: standInLook, output: nothing },
  /** Opens the system's dialog for a PNG, and takes it in as the logo of the waiting clip; null when the user closes it. */
  'stand-in.choose-logo': {
    input: nothing,
    output: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('taken'), logoPath: z.string() }),
        z.strictObject({ kind: z.literal('refused'), name: z.string(), problem: logoProblem, detail: z.string() }),
      ])
      .nullable(),
  },
  'stand-in.drop-logo': { input: nothing, output: nothing },
  /** Painted the way a real one is, logo and words included; null when a newer call took its place, or it can't be painted. */
  'stand-in.preview': {
    input: z.strictObject({ look: standInLook, caption: z.string().max(500) }),
    output: standInPreview.nullable(),
  },
  'devices.read': { input: nothing, output: deviceSettings },
  'devices.save': { input: deviceChoice, output: deviceSettings },
  'prompt.check': { input: z.strictObject({ prompt: z.string().max(200_000) }), output: precheckReport },
  'job.submit': {
    input: draftRequest,
    output: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('accepted'), jobId, request: jobRequest }),
      z.strictObject({ kind: z.literal('refused'), problem: requestProblem }),
    ]),
  },
  'job.cancel': { input: z.strictObject({ jobId }), output: nothing },
  /** Forgets a finished job; its film goes to the system's trash. */
  'job.remove': { input: z.strictObject({ jobId }), output: removal },
  /** What is known of a run's health, also of a finished one; null where nothing was kept. */
  'health.read': { input: z.strictObject({ jobId }), output: runHealth.nullable() },
  /** The health panel is open and wants samples although no job runs, or it is closed again. */
  'resources.watch': { input: z.strictObject({ isWatched: z.boolean() }), output: nothing },
  /** Go on with a job that ended with `canResume`; false when there is nothing to go on with. */
  'job.resume': { input: z.strictObject({ jobId }), output: z.boolean() },
  /** The same request as a new job, without anything that was given away; null for an unknown job. */
  'job.again': {
    input: z.strictObject({ jobId }),
    output: z.strictObject({ jobId, request: jobRequest }).nullable(),
  },
  /** The answer to a question; false when it came too late. */
  'decision.answer': {
    input: z.strictObject({ jobId, pendingId: z.uuid(), answer: recoveryAnswer, remember: z.boolean() }),
    output: z.boolean(),
  },
  /** Stop what is being done and do this instead; false when there is nothing to stop or it can't be had. */
  'decision.override': {
    input: z.strictObject({ jobId, answer: recoveryAnswer, remember: z.boolean() }),
    output: z.boolean(),
  },
  /** Content with the clip as it is. */
  'clip.accept': { input: z.strictObject({ jobId }), output: nothing },
  'telemetry.read': { input: nothing, output: telemetryState },
  'telemetry.save': { input: telemetrySettings, output: telemetryState },
  /** Full text over runs, faults, decisions and logs, the best first. */
  'history.search': { input: historyQuery, output: z.strictObject({ hits: z.array(historyHit).readonly() }) },
  /** Exactly what a bundle will hold, with sizes, before anything is written. It is kept until the next one is asked for. */
  'diagnostics.preview': { input: bundleRequest, output: bundlePreview },
  /** What stands in a part of it, piece by piece. */
  'diagnostics.read': {
    input: z.strictObject({ bundleId: z.uuid(), name: z.string().max(300), from: z.int().nonnegative() }),
    output: bundleText,
  },
  /** Writes the parts that are named, as they were shown. Opens the system's save dialog; null when the user closes it. */
  'diagnostics.save': {
    input: z.strictObject({ bundleId: z.uuid(), names: z.array(z.string().max(300)).max(500).readonly() }),
    output: z.strictObject({ path: z.string(), bytes: z.int() }).nullable(),
  },
  'inspection.cancel': { input: z.strictObject({ inspectionId: z.uuid() }), output: nothing },
  'report.read': { input: z.strictObject({ jobId }), output: runReport.nullable() },
  /** Opens the system's save dialog; null when the user closes it. Progress comes by the feed. */
  'export.start': {
    input: z.strictObject({ jobId, options: exportOptions }),
    output: z.strictObject({ exportId: z.uuid(), path: z.string() }).nullable(),
  },
  'export.cancel': { input: z.strictObject({ exportId: z.uuid() }), output: nothing },
  'export.reveal': { input: z.strictObject({ exportId: z.uuid() }), output: nothing },
  'clip.reveal': { input: z.strictObject({ jobId }), output: nothing },
} as const;
export type Route = keyof typeof routes;
export type RouteInput<R extends Route> = z.infer<(typeof routes)[R]['input']>;
export type RouteOutput<R extends Route> = z.infer<(typeof routes)[R]['output']>;

/** How a call that was not carried out is answered; nothing is ever thrown across the border. */
export const wireError = z.strictObject({
  code: z.enum(['bad-input', 'untrusted-sender', 'too-large', 'internal']),
  detail: z.string(),
});
export type WireError = z.infer<typeof wireError>;

/** Everything main tells the renderer without being asked. */
export const feedEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('job'), event: jobEvent }),
  z.strictObject({ kind: z.literal('engine'), status: engineStatus }),
  z.strictObject({ kind: z.literal('health'), event: healthEvent }),
  z.strictObject({ kind: z.literal('experts'), experts: z.array(expertHealth).readonly() }),
  z.strictObject({ kind: z.literal('projects'), projects: z.array(studioProject).readonly() }),
  z.strictObject({ kind: z.literal('packs'), packs: z.array(packView).readonly() }),
  /** Once a second while a job runs or the health panel is open. */
  z.strictObject({ kind: z.literal('resources'), sample: resourceSample }),
  /** The policy changed: by the settings page, or because an answer was to be remembered. */
  z.strictObject({ kind: z.literal('recovery-policy'), policy: recoveryPolicy }),
  z.strictObject({
    kind: z.literal('preview'),
    jobId,
    attempt: z.int(),
    step: z.int(),
    stepCount: z.int(),
    widthPx: z.int(),
    heightPx: z.int(),
    frameCount: z.int(),
    /** [frameCount, heightPx, widthPx, 3] */
    rgb: z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
  }),
  /** A video that was dropped onto the window. */
  z.strictObject({
    kind: z.literal('inspection'),
    inspectionId: z.uuid(),
    name: z.string(),
    state: z.discriminatedUnion('phase', [
      z.strictObject({
        phase: z.literal('running'),
        framesDone: z.int().nonnegative(),
        /** As the file claims; null where it doesn't. */
        frameCount: z.int().nonnegative().nullable(),
      }),
      z.strictObject({ phase: z.literal('done'), report: inspectReport }),
      z.strictObject({
        phase: z.literal('failed'),
        problem: z.enum(['missing', 'unreadable', 'no-tool', 'cancelled']),
        detail: z.string(),
      }),
    ]),
  }),
  z.strictObject({
    kind: z.literal('export'),
    exportId: z.uuid(),
    jobId,
    state: z.discriminatedUnion('phase', [
      z.strictObject({ phase: z.literal('running'), ratio: z.number().min(0).max(1), speed: z.number().nullable() }),
      z.strictObject({ phase: z.literal('done'), path: z.string(), bytes: z.int() }),
      z.strictObject({ phase: z.literal('cancelled') }),
      z.strictObject({
        phase: z.literal('failed'),
        problem: z.enum(['output-unwritable', 'disk-full', 'encoder-failed']),
        detail: z.string(),
      }),
    ]),
  }),
]);
export type FeedEvent = z.infer<typeof feedEvent>;
