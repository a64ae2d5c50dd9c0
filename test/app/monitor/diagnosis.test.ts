import { describe, expect, it } from 'vitest';

import { faultKinds } from '../../../app/contract/list.ts';
import { describeFault } from '../../../app/monitor/diagnosis.ts';
import { evidenceName, evidenceValue } from '../../../app/monitor/evidence.ts';
import { faultOf } from '../../../app/monitor/fault.ts';

describe('evidence', () => {
  it('speaks the language of the reader, in the unit of its name', () => {
    expect(evidenceName('nonFiniteCount', 'zh')).toBe('无效数值');
    expect(evidenceValue('totalBytes', 8_000_000_000, 'zh')).toBe('8.00 GB');
    expect(evidenceValue('tookMs', 1_500, 'en')).toBe('1.5 s');
    expect(evidenceValue('slowestStage', 'denoise', 'zh')).toBe('去噪');
    expect(evidenceValue('slowestStage', 'denoise', 'en')).toBe('denoising');
    expect(evidenceValue('exitCode', null, 'en')).toBe('not available');
    expect(evidenceValue('whileStarting', true, 'zh')).toBe('是');
  });

  it('takes a name apart that it does not know', () => {
    expect(evidenceName('someNewFigure', 'en')).toBe('some new figure');
  });
});

describe('a fault in one line', () => {
  it('says what, where and by which figures', () => {
    const torn = faultOf('frames-torn', 'monitor', { rowPx: 36, shiftPx: 37, limitsFrom: 'calibration' }, { frame: 5 });
    expect(describeFault(torn, null, 'en')).toBe(
      'Frames were torn, frame 5 (frames-torn: row 36 px, shifted by 37 px)',
    );
    expect(describeFault(torn, 10, 'zh')).toMatch(/^画面撕裂，第 5 帧，0\.50–0\.60 秒（frames-torn：/);
    const nan = faultOf('latent-nonfinite', 'denoise', { nonFiniteCount: 3 }, { step: 7 });
    expect(describeFault(nan, null, 'en')).toContain('step 7 (latent-nonfinite: invalid numbers 3)');
  });

  it('names the shape where a kind has several', () => {
    const black = faultOf('frames-black', 'monitor', { picture: 'blown-out', luma: 1 }, { frame: 0, frameCount: 3 });
    expect(describeFault(black, null, 'en')).toBe(
      'The picture is blown out to white, frames 0–2 (frames-black: brightness 1)',
    );
  });

  it.each(faultKinds)('has words for %s in both languages, and no code of ours in them', (kind) => {
    for (const language of ['en', 'zh'] as const) {
      const line = describeFault(faultOf(kind, 'monitor', {}), null, language);
      expect(line).toContain(kind);
      expect(line.replace(kind, '')).not.toMatch(/[a-z][A-Z]|undefined|\{/);
    }
  });
});
