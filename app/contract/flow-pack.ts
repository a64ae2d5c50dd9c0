import { z } from 'zod';

import { err, ok, type Result } from '../base/result.ts';
import { describeIssues } from './pack.ts';

const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be a plain file name');

/** A pack of optical flow: two pictures in, for every pixel of the first how far it has gone in the second. */
export const flowManifest = z.strictObject({
  format: z.literal('steadyframe-flow'),
  formatVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.string(),
  licence: z.string(),
  provenance: z.record(z.string(), z.string()),
  graph: fileName,
  /** The earlier picture, then the later one: [1, 3, H, W] of 0..1. */
  inputs: z.tuple([z.string(), z.string()]),
  /** [1, 2, H, W]: pixels to the right, pixels down. */
  output: z.string(),
  /** Height and width must be multiples of this. */
  multiplePx: z.int().min(1).max(256),
  files: z.record(
    fileName,
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
  ),
});
export type FlowManifest = z.infer<typeof flowManifest>;

export function parseFlowManifest(text: string): Result<FlowManifest, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err('pack.json is not complete JSON');
  }
  const parsed = flowManifest.safeParse(raw);
  if (!parsed.success) return err(describeIssues(parsed.error));
  return parsed.data.graph in parsed.data.files ? ok(parsed.data) : err(`${parsed.data.graph} has no entry in files`);
}
