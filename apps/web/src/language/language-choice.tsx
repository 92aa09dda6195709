import { useState, type ReactNode } from 'react';
import { languageName } from '../design/format.ts';
import { language, text } from '../texts.ts';
import type { LanguageStore } from './language-store.ts';

/** Every language by its own name, so that those find theirs who cannot read the one that is shown. */
export function LanguageChoice({ store }: { store: LanguageStore }): ReactNode {
  const [changing, setChanging] = useState(false);
  if (store.languages.length < 2) return null;
  const change = async (tag: string): Promise<void> => {
    setChanging(true);
    // Offline: the choice goes back to the language that is spoken.
    await store.change(tag).catch(() => undefined);
    setChanging(false);
  };
  return (
    <label className="language-choice">
      <span className="visually-hidden">{text('nav.language')}</span>
      <select value={language()} disabled={changing} onChange={(event) => void change(event.target.value)}>
        {store.languages.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {languageName(tag, tag, tag)}
          </option>
        ))}
      </select>
    </label>
  );
}
