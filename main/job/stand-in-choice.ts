import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ok, type Result } from '../../app/base/result.ts';
import type { LogoFault, StandInLook, StandInPreview } from '../../app/contract/stand-in.ts';
import { captionFrames } from '../export/caption-clip.ts';
import { takeLogo } from '../export/logo.ts';
import type { SettingsKeeper } from './settings-keeper.ts';

/** Large enough to read the words, small enough to be painted while a clip is rendered. */
const PREVIEW = { widthPx: 480, heightPx: 270, frameCount: 8, fps: 8 };
const PREVIEW_LIMIT_MS = 20_000;

/** What the user wants to be shown where no clip could be made. */
export class StandInChoice {
  readonly #settings: SettingsKeeper;
  readonly #logoPath: string;
  #preview: AbortController | null = null;

  /** @param logoPath  where the program keeps its copy of the logo */
  constructor(settings: SettingsKeeper, logoPath: string) {
    this.#settings = settings;
    this.#logoPath = logoPath;
  }

  async save(look: StandInLook): Promise<void> {
    await this.#settings.saveStandIn({ ...this.#settings.settings.standIn, ...look });
  }

  /** Take a PNG in as the logo of the waiting clip, or none; the error says what is wrong with the file. */
  async setLogo(path: string | null): Promise<Result<string | null, LogoFault>> {
    const taken = path === null ? ok(null) : await takeLogo(path, this.#logoPath);
    if (taken.ok) await this.#settings.saveStandIn({ ...this.#settings.settings.standIn, logoPath: taken.value });
    return taken;
  }

  /** How it would look; null when a newer call took this one's place, or nothing could be painted. */
  async preview(look: StandInLook, caption: string): Promise<StandInPreview | null> {
    this.#preview?.abort();
    const abort = new AbortController();
    this.#preview = abort;
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(PREVIEW_LIMIT_MS)]);
    const folder = await mkdtemp(join(tmpdir(), 'steadyframe-stand-in-')).catch(() => null);
    if (folder === null) return null;
    try {
      const { logoPath } = this.#settings.settings.standIn;
      const frames = { ...PREVIEW, framesPath: join(folder, 'frames.rgb') };
      const painted = await captionFrames(caption, frames, signal, { ...look, logoPath });
      if (!painted.ok) return null;
      const { widthPx, heightPx, frameCount } = PREVIEW;
      return { widthPx, heightPx, frameCount, rgb: new Uint8Array(await readFile(frames.framesPath)) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
