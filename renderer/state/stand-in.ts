import type { LogoProblem, StandInLook, StandInPreview } from '../../app/contract/stand-in.ts';
import { ask } from './ask.ts';
import { changeStudio, readStudio } from './studio-store.ts';

const SAVE_AFTER_MS = 400;
let saveTimer: ReturnType<typeof setTimeout> | null = null;

/** At once for the eye, a moment later for the disk: letters come faster than files are written. */
export function changeStandIn(change: Partial<StandInLook>): void {
  const { standIn } = readStudio();
  if (!standIn) return;
  changeStudio({ standIn: { ...standIn, ...change } });
  if (saveTimer !== null) clearTimeout(saveTimer);
  saveTimer = setTimeout(saveStandIn, SAVE_AFTER_MS);
}

/** What is not handed over yet; also when the settings are closed. */
export function saveStandIn(): void {
  const { standIn } = readStudio();
  if (saveTimer === null || !standIn) return;
  clearTimeout(saveTimer);
  saveTimer = null;
  const { kind, brand } = standIn;
  void ask('stand-in.save', { kind, brand });
}

export interface RefusedLogo {
  readonly name: string;
  readonly problem: LogoProblem;
}

/** @returns what was refused, by name; null when it was taken, or nothing was chosen */
export async function chooseLogo(): Promise<RefusedLogo | null> {
  const answer = await ask('stand-in.choose-logo', null);
  const { standIn } = readStudio();
  if (!answer?.value || !standIn) return null;
  if (answer.value.kind === 'refused') return answer.value;
  changeStudio({ standIn: { ...standIn, logoPath: answer.value.logoPath } });
  return null;
}

export async function dropLogo(): Promise<void> {
  const { standIn } = readStudio();
  if (standIn && (await ask('stand-in.drop-logo', null))) changeStudio({ standIn: { ...standIn, logoPath: null } });
}

/** As main would paint it; null where a newer wish took its place, or it can't. */
export async function previewStandIn({ kind, brand }: StandInLook, caption: string): Promise<StandInPreview | null> {
  const answer = await ask('stand-in.preview', { look: { kind, brand }, caption });
  return answer?.value ?? null;
}
