import { z } from 'zod';

import { err, ok, type Result } from '../base/result.ts';
import { describeIssues } from './pack.ts';

export const delivery = z.strictObject({
  widthPx: z.int().min(16).max(7680).multipleOf(2),
  heightPx: z.int().min(16).max(4320).multipleOf(2),
  fps: z.number().min(1).max(120),
  codec: z.literal('h264'),
});
export type Delivery = z.infer<typeof delivery>;
export const defaultDelivery: Delivery = { widthPx: 1280, heightPx: 720, fps: 16, codec: 'h264' };

const shot = z.strictObject({
  id: z.string().min(1).max(100),
  prompt: z.string(),
  negative: z.string().default(''),
  seed: z.int().nonnegative().max(Number.MAX_SAFE_INTEGER).nullable().default(null),
  rung: z.string().nullable().default(null),
  durationSeconds: z.number().positive().max(3600).nullable().default(null),
  pack: z.string().nullable().default(null),
  transition: z.enum(['cut']).default('cut'),
  caption: z.string().default(''),
  take: z.int().nonnegative().default(0),
});
export type Shot = z.infer<typeof shot>;

export const project = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(200),
  delivery: delivery.default(defaultDelivery),
  shots: z.array(shot).min(1, 'a project needs at least one shot').max(1000),
});
export type Project = z.infer<typeof project>;

/** Largest project file that is read: far above any real one, far below what would stall the window. */
export const PROJECT_LIMIT_BYTES = 5 * 1024 * 1024;

export function parseProject(text: string): Result<Project, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return err('it is not complete JSON');
  }
  if (typeof raw === 'object' && raw !== null && 'version' in raw && typeof raw.version === 'number' && raw.version > 1)
    return err(`it was written by a newer program (version ${raw.version}; this one reads version 1)`);
  const parsed = project.safeParse(raw);
  return parsed.success ? ok(parsed.data) : err(describeIssues(parsed.error));
}
