import { useEffect, useId, useRef, useState } from 'react';

import { standInKinds } from '../../app/contract/list.ts';
import type { StandInPreview, StandInSettings } from '../../app/contract/stand-in.ts';
import { useText } from '../locale/use-text.ts';
import { prefersStillness } from '../stage/monitor/motion.ts';
import { previewFrame } from '../stage/monitor/preview-frame.ts';
import { examples } from '../stage/prompt/examples.ts';
import {
  changeStandIn,
  chooseLogo,
  dropLogo,
  previewStandIn,
  saveStandIn,
  type RefusedLogo,
} from '../state/stand-in.ts';
import { useStudio } from '../state/studio-store.ts';

/** What is shown where no clip could be made: which kind, and whose name it bears. */
export function StandInPage() {
  const text = useText();
  const standIn = useStudio((state) => state.standIn);
  // What was chosen last may still wait for its moment.
  useEffect(() => saveStandIn, []);
  // A logo of the same path may be another picture.
  const [logoCount, setLogoCount] = useState(0);
  if (!standIn) return <p className="hint">{text.notAvailable}</p>;
  return (
    <>
      <p className="hint">{text.standInHint}</p>
      <PreviewBox standIn={standIn} logoCount={logoCount} />
      <fieldset className="stand-in-kinds">
        <legend className="for-ears">{text.settingsPage.standIn}</legend>
        {standInKinds.map((kind) => (
          <label key={kind} className="check">
            <input
              type="radio"
              name="stand-in"
              checked={standIn.kind === kind}
              onChange={() => changeStandIn({ kind })}
            />
            <span>
              {text.standInKind[kind].name} <span className="faint">{text.standInKind[kind].meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {standIn.kind === 'waiting' && (
        <BrandFields standIn={standIn} onLogo={() => setLogoCount((count) => count + 1)} />
      )}
    </>
  );
}

interface BrandFieldsProps {
  readonly standIn: StandInSettings;
  readonly onLogo: () => void;
}

function BrandFields({ standIn: { brand, logoPath }, onLogo }: BrandFieldsProps) {
  const text = useText();
  const id = useId();
  const [refused, setRefused] = useState<RefusedLogo | null>(null);
  const change = (part: Partial<typeof brand>): void => changeStandIn({ brand: { ...brand, ...part } });
  return (
    <div className="brand-fields">
      <label htmlFor={`${id}-name`}>{text.brandName}</label>
      <input
        id={`${id}-name`}
        type="text"
        maxLength={60}
        value={brand.name}
        onChange={({ currentTarget: { value } }) => change({ name: value })}
      />
      <label htmlFor={`${id}-line`}>{text.brandLine}</label>
      <input
        id={`${id}-line`}
        type="text"
        maxLength={200}
        value={brand.text}
        placeholder={text.brandLineHint}
        onChange={({ currentTarget: { value } }) => change({ text: value })}
      />
      <label htmlFor={`${id}-colour`}>{text.brandColour}</label>
      <input
        id={`${id}-colour`}
        type="color"
        value={brand.colour}
        onChange={({ currentTarget: { value } }) => change({ colour: value.toLowerCase() })}
      />
      <span id={`${id}-logo`}>{text.brandLogo}</span>
      <div className="banner-row" role="group" aria-labelledby={`${id}-logo`}>
        <button
          type="button"
          className="button"
          aria-describedby={`${id}-legal`}
          onClick={() => {
            void chooseLogo().then((found) => {
              setRefused(found);
              onLogo();
            });
          }}
        >
          {text.logoChoose}
        </button>
        {logoPath !== null && (
          <button type="button" className="quiet-button" onClick={() => void dropLogo().then(onLogo)}>
            {text.logoDrop}
          </button>
        )}
        <span className="hint" role="status">
          {logoPath === null ? text.logoNone : text.logoThere}
        </span>
      </div>
      <div className="brand-notes">
        {refused && (
          <p className="refusal" role="alert">
            {text.logoRefused(refused.name, text.logoProblem[refused.problem])}
          </p>
        )}
        <p id={`${id}-legal`} className="hint">
          {text.logoLegal}
        </p>
      </div>
    </div>
  );
}

const PAINT_AFTER_MS = 300;
const TURN_MS = 250;

/** Painted by main as a real one is; moves unless the user wants less motion. */
function PreviewBox({ standIn, logoCount }: { readonly standIn: StandInSettings; readonly logoCount: number }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const prompt = useStudio(({ draft }) => draft.prompt);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [painted, setPainted] = useState<StandInPreview | 'unpainted' | null>(null);
  const { kind, brand } = standIn;
  const caption = (prompt.trim() || examples[locale][0]).slice(0, 500);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      void previewStandIn({ kind, brand }, caption).then((found) => isWanted && setPainted(found ?? 'unpainted'));
    }, PAINT_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [kind, brand, caption, logoCount]);
  const preview = painted === 'unpainted' ? null : painted;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !preview) return;
    let frame = 0;
    const draw = (): void => context.putImageData(new ImageData(previewFrame(preview, frame), preview.widthPx), 0, 0);
    draw();
    if (prefersStillness()) return;
    const timer = setInterval(() => {
      frame = (frame + 1) % preview.frameCount;
      draw();
    }, TURN_MS);
    return () => clearInterval(timer);
  }, [preview]);
  return (
    <div className="stand-in-preview" aria-busy={painted === null}>
      <canvas
        ref={canvas}
        width={preview?.widthPx ?? 480}
        height={preview?.heightPx ?? 270}
        role="img"
        aria-label={text.standInPreview(text.standInKind[kind].name)}
      />
      {!preview && <p className="hint">{painted === 'unpainted' ? text.standInUnpainted : text.standInPainting}</p>}
    </div>
  );
}
