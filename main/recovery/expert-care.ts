import type { ExpertHealth } from '../../app/contract/health.ts';
import type { ExpertStanding, ExpertWard, RecoveryMemory } from '../../app/contract/recovery-memory.ts';
import {
  healthOf,
  maskedOf,
  onTrialOf,
  standingsOf,
  takeNotes,
  wakeRested,
  type ExpertNote,
} from '../../app/recovery/expert-health.ts';
import type { Pack } from '../pack/pack-store.ts';
import type { MemoryFile } from './memory-file.ts';

/** A pack on a device: what is known of its experts holds for no other. */
export interface Bedside {
  readonly pack: Pack;
  readonly provider: string;
}

/** Which experts a plan leaves to others, and which of them it asks on the side. */
export interface Roster {
  readonly masked: readonly string[];
  readonly onTrial: readonly string[];
}

/** Attempts that are remembered as counted: far more than any two programs are working on. */
const COUNTED_LIMIT = 64;

/** Keeps account of every expert's health across jobs and restarts. */
export class ExpertCare {
  readonly #file: MemoryFile;
  readonly #nowMs: () => number;
  readonly #onChange: (experts: readonly ExpertHealth[]) => void;
  /** Of each pack, as it was told last. */
  readonly #told = new Map<string, readonly ExpertHealth[]>();

  constructor(
    file: MemoryFile,
    options: { readonly nowMs: () => number; readonly onChange: (experts: readonly ExpertHealth[]) => void },
  ) {
    this.#file = file;
    this.#nowMs = options.nowMs;
    this.#onChange = options.onChange;
  }

  /** Before a job: who rests, and who has rested enough to be tried. */
  async roster(bed: Bedside): Promise<Roster> {
    const standings = await this.#change(bed, (known) => wakeRested(known, this.#nowMs()));
    return { masked: maskedOf(standings), onTrial: onTrialOf(standings) };
  }

  /**
   * After an attempt.
   *
   * @param key  names the attempt: none is counted twice
   * @returns experts that were at work until now and are masked
   */
  async note(bed: Bedside, key: string, notes: readonly ExpertNote[]): Promise<readonly ExpertStanding[]> {
    if (notes.length === 0) return [];
    let before: readonly ExpertStanding[] = [];
    let after: readonly ExpertStanding[] = [];
    await this.#file.change((memory) => {
      before = wardOf(memory, bed).standings;
      after = before;
      if (memory.counted.includes(key)) return memory;
      after = takeNotes(before, notes, bed.pack.manifest, this.#nowMs());
      const counted = [...memory.counted, key].slice(-COUNTED_LIMIT);
      return { ...withWard(memory, bed, after), counted };
    });
    this.#tell(bed, before, after);
    return after.filter((one, i) => one.state === 'masked' && before[i]?.state === 'in-use');
  }

  /** How all experts of these packs stand. */
  async tellAll(beds: readonly Bedside[]): Promise<void> {
    const memory = await this.#file.read();
    for (const bed of beds) this.#note(bed, wardOf(memory, bed).standings);
    this.#onChange([...this.#told.values()].flat());
  }

  async #change(
    bed: Bedside,
    by: (standings: readonly ExpertStanding[]) => readonly ExpertStanding[],
  ): Promise<readonly ExpertStanding[]> {
    let before: readonly ExpertStanding[] = [];
    let after: readonly ExpertStanding[] = [];
    await this.#file.change((memory) => {
      before = wardOf(memory, bed).standings;
      after = by(before);
      return after.every((one, i) => one === before[i]) ? memory : withWard(memory, bed, after);
    });
    this.#tell(bed, before, after);
    return after;
  }

  #tell(bed: Bedside, before: readonly ExpertStanding[], after: readonly ExpertStanding[]): void {
    if (after.every((one, i) => one === before[i])) return;
    this.#note(bed, after);
    this.#onChange([...this.#told.values()].flat());
  }

  #note({ pack }: Bedside, standings: readonly ExpertStanding[]): void {
    const { id } = pack.manifest;
    this.#told.set(id, healthOf(id, standings));
  }
}

const isOf = (ward: ExpertWard, { pack, provider }: Bedside): boolean =>
  ward.packId === pack.manifest.id && ward.provider === provider;

/** Of another version of the same pack nothing is taken over: other weights, other health. */
function wardOf({ wards }: RecoveryMemory, bed: Bedside): ExpertWard {
  const { pack, provider } = bed;
  const known = wards.find((ward) => isOf(ward, bed) && ward.packSha256 === pack.sha256);
  const standings = standingsOf(pack.manifest, known?.standings ?? []);
  return { packId: pack.manifest.id, packSha256: pack.sha256, provider, standings };
}

const withWard = (memory: RecoveryMemory, bed: Bedside, standings: readonly ExpertStanding[]): RecoveryMemory => ({
  ...memory,
  wards: [...memory.wards.filter((ward) => !isOf(ward, bed)), { ...wardOf(memory, bed), standings }],
});
