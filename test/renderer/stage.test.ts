import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decisionReport, type DecisionReport, type FaultReport } from '../../app/contract/report.ts';
import type { PackView } from '../../app/contract/route.ts';
import { exportPaces, exportSizes } from '../../renderer/stage/export/export-sizes.ts';
import { previewFrame } from '../../renderer/stage/monitor/preview-frame.ts';
import { remainingNow } from '../../renderer/stage/monitor/remaining.ts';
import { playerCommand, shuttleRate, wrapFrame } from '../../renderer/stage/monitor/shuttle.ts';
import { tellStory } from '../../renderer/stage/recovery/tell-story.ts';
import { chosenRung, frameCounts, packInUse, soundPack } from '../../renderer/state/pack-choice.ts';

const rung = { name: 'standard', widthPx: 128, heightPx: 64, frameCount: 17, steps: 8, expectedSeconds: 1 };
const pack: PackView = {
  ...{ id: 'tiny', version: '1.0.0', name: { en: 'Tiny', zh: '微型' }, fps: 8, fault: null },
  ...{ frameRule: { multiple: 4, offset: 1 }, rungs: [rung, { ...rung, name: 'quick', frameCount: 9 }] },
};

describe('pack choice', () => {
  it('offers only what the decoder can give', () => {
    expect(frameCounts(pack, rung)).toEqual([1, 5, 9, 13, 17]);
    expect(frameCounts({ ...pack, frameRule: { multiple: 8, offset: 5 } }, rung)).toEqual([5, 13]);
  });

  it.each([
    [null, 'tiny'],
    ['other', 'other'],
    // The user's choice binds, also where it can't be followed.
    ['torn', null],
    ['gone', 'tiny'],
  ])('with %s chosen renders on %s', (chosen, used) => {
    const torn = { ...pack, id: 'torn', fault: 'a file is missing' };
    expect(packInUse([torn, pack, { ...pack, id: 'other' }], chosen)?.id ?? null).toBe(used);
  });

  it('takes the first sound pack and forgets a rung that is gone', () => {
    expect(soundPack([{ ...pack, id: 'torn', fault: 'a file is missing' }, pack])?.id).toBe('tiny');
    expect(soundPack([])).toBeNull();
    expect(
      [chosenRung(pack, 'quick'), chosenRung(pack, 'gone'), chosenRung(pack, null)].map((one) => one?.name),
    ).toEqual(['quick', 'standard', 'standard']);
  });
});

describe('previewFrame', () => {
  it('takes one frame out of many and makes it opaque', () => {
    const preview = { widthPx: 2, heightPx: 1, frameCount: 2, rgb: Uint8Array.from({ length: 12 }, (_, i) => i) };
    expect([...previewFrame(preview, 1)]).toEqual([6, 7, 8, 255, 9, 10, 11, 255]);
    expect(previewFrame(preview, 2)).toEqual(previewFrame(preview, 0));
  });
});

describe('remainingNow', () => {
  it('shrinks with the clock and admits when it was wrong', () => {
    const measured = { low: 1_000, high: 3_000 };
    expect(remainingNow(measured, 0)).toEqual(measured);
    expect(remainingNow(measured, 2_000)).toEqual({ low: 0, high: 1_000 });
    expect(remainingNow(measured, 3_000)).toBe('over');
    expect(remainingNow(null, 500)).toBeNull();
  });
});

describe('shuttle', () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

  it('knows editors’ keys by their place and leaves shortcuts alone', () => {
    expect(playerCommand({ ...plain, code: 'Space' })).toEqual({ kind: 'toggle' });
    expect(playerCommand({ ...plain, code: 'ArrowLeft' })).toEqual({ kind: 'step', frames: -1 });
    expect(playerCommand({ ...plain, code: 'ArrowRight', shiftKey: true })).toEqual({ kind: 'leap', seconds: 1 });
    expect(playerCommand({ ...plain, code: 'KeyL', ctrlKey: true })).toBeNull();
    expect(playerCommand({ ...plain, code: 'KeyA' })).toBeNull();
  });

  it('doubles the pace up to four, and turns round at normal pace', () => {
    const press = (direction: 1 | -1) => (rate: number) => shuttleRate(rate, direction);
    expect([0, 1, 2, 4, -4].map(press(1))).toEqual([1, 2, 4, 4, 1]);
    expect([0, 1, -1, -4].map(press(-1))).toEqual([-1, -1, -2, -4]);
  });

  it('goes round within the clip', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 1, max: 300 }), (frame, count) => {
        const wrapped = wrapFrame(frame, count);
        expect(wrapped).toBeGreaterThanOrEqual(0);
        expect(wrapped).toBeLessThan(count);
        expect(wrapFrame(wrapped + 1, count)).toBe(wrapFrame(frame + 1, count));
      }),
    );
  });
});

describe('export sizes', () => {
  const size = (widthPx: number, heightPx: number, isAsRendered = false) => ({ widthPx, heightPx, isAsRendered });

  it('begin with the delivered one and name each only once', () => {
    const clip = { grade: 'full', widthPx: 1280, heightPx: 720, renderedWidthPx: 128, renderedHeightPx: 64 } as const;
    expect(exportSizes(clip)).toEqual([size(1280, 720), size(1920, 1080), size(128, 64, true)]);
  });

  it('call nothing rendered that was not', () => {
    const clip = {
      grade: 'fallback',
      widthPx: 1280,
      heightPx: 720,
      renderedWidthPx: 1280,
      renderedHeightPx: 720,
    } as const;
    expect(exportSizes(clip)).toEqual([size(1280, 720), size(1920, 1080)]);
  });

  it('leave out what no encoder takes', () => {
    const clip = { grade: 'full', widthPx: 1280, heightPx: 720, renderedWidthPx: 125, renderedHeightPx: 64 } as const;
    expect(exportSizes(clip)).toEqual([size(1280, 720), size(1920, 1080)]);
  });

  it('offer the clip’s own pace first', () => {
    expect(exportPaces(16)[0]).toBe(16);
    expect(exportPaces(24).filter((pace) => pace === 24)).toHaveLength(1);
  });
});

describe('tellStory', () => {
  const fault = (kind: FaultReport['kind']): FaultReport => ({
    kind,
    stage: 'denoise',
    step: 1,
    frame: null,
    evidence: {},
    frameCount: null,
    severity: 'fault',
  });
  const decision = (about: FaultReport['kind'], action: DecisionReport['action']): DecisionReport =>
    decisionReport.parse({
      fault: about,
      action,
      branch: '',
      reason: '',
      by: 'policy',
      alternatives: [],
      recoveryMs: null,
    });

  it('puts each decision after its fault', () => {
    const [crash, black] = [fault('engine-crashed'), fault('frames-black')];
    const [resume, seed, restart] = [
      decision('engine-crashed', 'resume'),
      decision('frames-black', 'new-seed'),
      decision('engine-crashed', 'restart-clean'),
    ];
    expect(tellStory([crash, black, crash], [resume, seed, restart])).toEqual([
      { fault: crash, decision: resume },
      { fault: black, decision: seed },
      { fault: crash, decision: restart },
    ]);
  });

  it('drops neither a fault without a decision nor a decision without a fault', () => {
    const [crash, seed] = [fault('engine-crashed'), decision('frames-black', 'new-seed')];
    expect(tellStory([crash], [seed])).toEqual([
      { fault: crash, decision: null },
      { fault: null, decision: seed },
    ]);
  });
});
