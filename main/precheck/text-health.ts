import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { TextCalibration } from '../../app/contract/calibration-text.ts';
import { driftState, type DriftState } from '../../app/contract/drift.ts';
import type { StudioProjectId } from '../../app/contract/studio-project.ts';
import { freshDrift } from '../../app/monitor/drift.ts';
import { judgeText, type EncodedPrompt, type TextJudgement } from '../../app/monitor/text-health.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { homePaths } from '../store/home.ts';

export interface CalibratedPack {
  readonly calibration: { readonly text: TextCalibration | null } | null;
  readonly sha256: string;
}

/** What a pack's text encoder has shown in one project so far, kept in a file between runs. */
export class TextHealth {
  readonly #section: TextCalibration | null;
  readonly #packSha256: string;
  readonly #path: string;
  #state: DriftState | null;
  #isDrifting = false;
  #unsaved: DriftState | null = null;
  #saving: Promise<void> = Promise.resolve();

  private constructor(section: TextCalibration | null, packSha256: string, path: string, state: DriftState | null) {
    this.#section = section;
    this.#packSha256 = packSha256;
    this.#path = path;
    this.#state = state;
  }

  /** A pack without calibration, or a state that can't be read, only costs what could have been said. */
  static async open({ calibration, sha256 }: CalibratedPack, path: string): Promise<TextHealth> {
    return new TextHealth(calibration?.text ?? null, sha256, path, await readState(path));
  }

  /** The encoder should begin anew before the next run. */
  get isDrifting(): boolean {
    return this.#isDrifting;
  }

  observe(encoded: EncodedPrompt): TextJudgement {
    const { judgement, state } = judgeText(this.#section, this.#state, this.#packSha256, encoded);
    this.#state = state;
    this.#isDrifting = judgement.drift?.isDrifting ?? false;
    if (state) this.#save(state);
    return judgement;
  }

  /** After a clean restart the past says nothing about the encoder that runs now. */
  restarted(): void {
    this.#isDrifting = false;
    if (this.#section) this.#save(freshDrift(this.#section, this.#packSha256));
    this.#state = null;
  }

  /** Resolves when everything is on disk, as far as the disk takes it. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  /** What is remembered must never stand in the way of a clip; of many states only the newest is written. */
  #save(state: DriftState): void {
    const isWaiting = this.#unsaved !== null;
    this.#unsaved = state;
    if (!isWaiting) this.#saving = this.#saving.then(async () => this.#write()).catch(() => undefined);
  }

  async #write(): Promise<void> {
    const state = this.#unsaved;
    this.#unsaved = null;
    await mkdir(dirname(this.#path), { recursive: true });
    await replaceFile(this.#path, `${JSON.stringify(state)}\n`);
  }
}

async function readState(path: string): Promise<DriftState | null> {
  try {
    const parsed = driftState.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The remedy for drift: caches flushed and the encoder loaded anew, before the next run and not during one. */
export async function refreshEncoder(host: { restart(): Promise<void> }, health: TextHealth): Promise<void> {
  if (!health.isDrifting) return;
  await host.restart();
  health.restarted();
}

interface NamedPack extends CalibratedPack {
  readonly manifest: { readonly id: string };
}

interface Opened {
  readonly packSha256: string;
  readonly health: Promise<TextHealth>;
}

/**
 * One for each pack and project: what one project asks for must not be what another is measured by, nor one version of a
 * pack by the calibration of another.
 */
export class TextHealths implements AsyncDisposable {
  readonly #home: string;
  readonly #opened = new Map<string, Opened>();

  constructor(home: string) {
    this.#home = home;
  }

  async of(pack: NamedPack, projectId: StudioProjectId): Promise<TextHealth> {
    const path = homePaths(this.#home).drift(pack.manifest.id, projectId);
    const known = this.#opened.get(path);
    if (known?.packSha256 === pack.sha256) return known.health;
    const health = after(known, async () => TextHealth.open(pack, path));
    this.#opened.set(path, { packSha256: pack.sha256, health });
    return health;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { health } of this.#opened.values()) await (await health).saved();
  }
}

/** They share a file: the one before is through with it first. */
async function after(before: Opened | undefined, open: () => Promise<TextHealth>): Promise<TextHealth> {
  if (before) await (await before.health).saved();
  return open();
}
