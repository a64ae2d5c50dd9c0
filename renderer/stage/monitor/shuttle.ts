export type PlayerCommand =
  | { readonly kind: 'toggle' | 'stop' | 'start' | 'end' | 'forth' | 'back' }
  | { readonly kind: 'step'; readonly frames: number }
  | { readonly kind: 'leap'; readonly seconds: number };

type Key = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Editors' keys, by place on the keyboard, so that they work in every layout; null for any other. */
export function playerCommand({ code, shiftKey, ctrlKey, metaKey, altKey }: Key): PlayerCommand | null {
  if (ctrlKey || metaKey || altKey) return null;
  switch (code) {
    case 'Space':
      return { kind: 'toggle' };
    case 'KeyJ':
      return { kind: 'back' };
    case 'KeyK':
      return { kind: 'stop' };
    case 'KeyL':
      return { kind: 'forth' };
    case 'ArrowLeft':
      return shiftKey ? { kind: 'leap', seconds: -1 } : { kind: 'step', frames: -1 };
    case 'ArrowRight':
      return shiftKey ? { kind: 'leap', seconds: 1 } : { kind: 'step', frames: 1 };
    case 'Home':
      return { kind: 'start' };
    case 'End':
      return { kind: 'end' };
    default:
      return null;
  }
}

const RATE_LIMIT = 4;

/** J and L: first at normal speed, each further press in the same direction doubles it. */
export function shuttleRate(rate: number, direction: 1 | -1): number {
  return Math.sign(rate) === direction ? direction * Math.min(RATE_LIMIT, Math.abs(rate) * 2) : direction;
}

/** The frame some way on, round and round as the clip is played. */
export const wrapFrame = (frame: number, count: number): number => ((frame % count) + count) % count;

/** What has the focus uses the key itself: text its letters, a button its space bar, a slider its arrows. */
export function isKeyTaken(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('textarea, select, input:not([type=range], [type=radio], [type=checkbox])')) return true;
  const isLetter = code.startsWith('Key');
  return !isLetter && target.matches(code === 'Space' ? 'button, summary, input' : 'input');
}
