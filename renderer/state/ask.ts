import { messageOf } from '../../app/base/message-of.ts';
import type { StudioBridge } from '../../app/contract/bridge.ts';
import type { Route, RouteInput, RouteOutput } from '../../app/contract/route.ts';
import { showToast } from './studio-store.ts';

declare global {
  interface Window {
    /** Put there by the preload script; missing when that could not run. */
    readonly studio?: StudioBridge;
  }
}

/** Ask main. Null when the call was not carried out: the user was told, and nothing of theirs is lost. */
export async function ask<R extends Route>(route: R, input: RouteInput<R>): Promise<{ value: RouteOutput<R> } | null> {
  const bridge = window.studio;
  if (!bridge) {
    showToast('bridge', 'the preload script did not run');
    return null;
  }
  try {
    const answer = await bridge.call(route, input);
    if (answer.ok) return { value: answer.value };
    showToast(
      route === 'settings.save' ? 'settings' : 'call',
      `${route}: ${answer.error.code}, ${answer.error.detail}`,
    );
  } catch (cause) {
    showToast('bridge', `${route}: ${messageOf(cause)}`);
  }
  return null;
}
