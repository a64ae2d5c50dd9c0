import { protocol } from 'electron';

import { answerRequest, type AppSources } from './answer-request.ts';

/** The page's own scheme, with the rights of https; before the app is ready. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }]);
}

/** Serve the page and the clips; once the app is ready. */
export function serveScheme(sources: AppSources): void {
  protocol.handle('app', (request) => answerRequest(request, sources));
}
