import type { CSSProperties, ReactNode } from 'react';

interface ScreenProps {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly isFallback?: boolean;
  readonly children: ReactNode;
}

/** A picture as large as the stage lets it be, in its own shape. */
export function Screen({ widthPx, heightPx, isFallback = false, children }: ScreenProps) {
  const shape = { '--ratio': widthPx / heightPx } as CSSProperties;
  return (
    <div className="screen">
      <div className={isFallback ? 'picture is-fallback' : 'picture'} style={shape}>
        {children}
      </div>
    </div>
  );
}
