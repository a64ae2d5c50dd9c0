import { createHash } from 'node:crypto';

import type { EndRecord, Snapshot } from '../../app/contract/snapshot.ts';
import { contextFields } from '../../app/monitor/compare-trace.ts';
import type { AttemptEnd } from '../host/attempt.ts';

/** Long enough to show a slip or a hand; it is no signature. */
const DIGEST_CHARACTERS = 16;

export function sealed(one: Omit<Snapshot, 'seal'>): Snapshot {
  return { ...one, seal: sealOf(one) };
}

/** Fields that are not what they were when the snapshot was written; null where it has no seal to tell. */
export function alteredFields(one: Snapshot): readonly string[] | null {
  if (!one.seal) return null;
  const now = sealOf(one);
  const { seal } = one;
  return [...new Set([...Object.keys(now), ...Object.keys(seal)])].filter((field) => seal[field] !== now[field]);
}

export function endRecord(end: AttemptEnd): EndRecord {
  if (end.kind !== 'failed') return { kind: end.kind === 'done' ? 'done' : 'stopped', fault: null };
  const { kind, stage, step } = end.fault;
  return { kind: 'failed', fault: { kind, stage, step } };
}

function sealOf(one: Omit<Snapshot, 'seal'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(contextFields(one)).map(([field, text]) => [
      field,
      createHash('sha256').update(text).digest('hex').slice(0, DIGEST_CHARACTERS),
    ]),
  );
}
