import type { FaultKind } from '../../app/contract/name.ts';

export interface Tally {
  found: number;
  missed: number;
  /** In clips that are sound, or spoiled in another way. */
  wrong: number;
}

/** Counts clips, not reports: whether each has the faults that it has, and no others. */
export class TallyBook {
  readonly byFault = new Map<FaultKind, Tally>();
  readonly byInjection = new Map<string, { injected: number; found: number }>();
  readonly clean = new Map<string, { clips: number; alarms: number }>();
  /** What went wrong, one line each. */
  readonly stories: string[] = [];

  #of(fault: FaultKind): Tally {
    const tally = this.byFault.get(fault) ?? { found: 0, missed: 0, wrong: 0 };
    this.byFault.set(fault, tally);
    return tally;
  }

  sound(kind: string, name: string, found: ReadonlySet<FaultKind>): void {
    const entry = this.clean.get(kind) ?? { clips: 0, alarms: 0 };
    this.clean.set(kind, { clips: entry.clips + 1, alarms: entry.alarms + (found.size > 0 ? 1 : 0) });
    for (const fault of found) this.#of(fault).wrong += 1;
    if (found.size > 0) this.stories.push(`false alarm: ${name}: ${[...found].join(', ')}`);
  }

  spoiled(
    clip: string,
    injection: { readonly name: string; readonly fault: FaultKind; readonly kind: string },
    found: ReadonlySet<FaultKind>,
    isHit: boolean,
  ): void {
    const tally = this.#of(injection.fault);
    if (isHit) tally.found += 1;
    else tally.missed += 1;
    const entry = this.byInjection.get(injection.kind) ?? { injected: 0, found: 0 };
    this.byInjection.set(injection.kind, { injected: entry.injected + 1, found: entry.found + (isHit ? 1 : 0) });
    const wrong = [...found].filter((fault) => fault !== injection.fault);
    for (const fault of wrong) this.#of(fault).wrong += 1;
    if (!isHit || wrong.length > 0)
      this.stories.push(
        `${isHit ? 'also' : 'missed'}: ${clip}: ${injection.name}: ${[...found].join(', ') || 'nothing found'}`,
      );
  }

  /** Markdown: faults, sound clips, injections. */
  tables(): readonly string[] {
    return [
      '| fault | injected | precision | recall |',
      '| --- | --- | --- | --- |',
      ...[...this.byFault].map(
        ([fault, tally]) =>
          `| ${fault} | ${tally.found + tally.missed} | ${percent(precisionOf(tally))} | ${percent(recallOf(tally))} |`,
      ),
      '',
      '| sound clips | clips | with a false alarm |',
      '| --- | --- | --- |',
      ...[...this.clean].map(
        ([kind, { clips, alarms }]) => `| ${kind} | ${clips} | ${alarms} (${percent(alarms / clips)}) |`,
      ),
      '',
      '| injection | injected | found |',
      '| --- | --- | --- |',
      ...[...this.byInjection].map(
        ([kind, { injected, found }]) => `| ${kind} | ${injected} | ${percent(found / injected)} |`,
      ),
    ];
  }

  toJson() {
    const { clean, byInjection, byFault, stories } = this;
    const rows = [...byFault].map(([fault, tally]) => ({
      ...{ fault, ...tally },
      ...{ precision: precisionOf(tally), recall: recallOf(tally) },
    }));
    return { rows, clean: Object.fromEntries(clean), injections: Object.fromEntries(byInjection), stories };
  }
}

const precisionOf = ({ found, wrong }: Tally): number => found / Math.max(1, found + wrong);
const recallOf = ({ found, missed }: Tally): number => found / Math.max(1, found + missed);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
