import { Icon, IconButton } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { hideToast, useStudio } from '../state/studio-store.ts';

export function Toasts() {
  const text = useText();
  const toasts = useStudio((state) => state.toasts);
  return (
    <div className="toasts" role="status">
      {toasts.map(({ id, kind, detail }) => (
        <div key={id} className="toast">
          <Icon name="warning" />
          <div className="toast-body">
            <p>{text.toast[kind]}</p>
            {detail !== '' && (
              <details>
                <summary>
                  <Icon name="chevron" />
                  {text.details}
                </summary>
                <code>{detail}</code>
              </details>
            )}
          </div>
          <IconButton icon="close" label={text.close} onPress={() => hideToast(id)} />
        </div>
      ))}
    </div>
  );
}
