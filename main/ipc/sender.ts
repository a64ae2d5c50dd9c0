/** What is known of the frame that sent a message. */
export interface Sender {
  readonly isMainFrame: boolean;
  readonly origin: string;
}

export const STUDIO_ORIGIN = 'app://studio';

/** Only our own page, in the window itself and not in a frame inside it, may ask for anything. */
export const isTrustedSender = ({ isMainFrame, origin }: Sender): boolean => isMainFrame && origin === STUDIO_ORIGIN;
