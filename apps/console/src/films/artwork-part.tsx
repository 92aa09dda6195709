import { CatalogService, type Title } from '@bioscope/catalog/contract';
import { useId, type ChangeEvent, type ReactNode } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { CommandNote } from '../design/command-note.tsx';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';
import { jpegOf } from './jpeg-of.ts';

type Kind = 'poster' | 'backdrop';
type ArtworkProps = { doors: Pick<Doors, 'call' | 'hosts'>; title: Title; changed: (title: Title | undefined) => void };

/** Three megabytes in base64, over a line that may be slow. */
const DEADLINE_MS = 60_000;

/** The film's pictures, each to be replaced by one of the operator's. */
export function ArtworkPart(props: ArtworkProps): ReactNode {
  return (
    <div className="artwork">
      <Picture {...props} kind="poster" />
      <Picture {...props} kind="backdrop" />
    </div>
  );
}

function Picture({ doors, title, changed, kind }: ArtworkProps & { kind: Kind }): ReactNode {
  const { state, run } = useCommand();
  const id = useId();
  const path = kind === 'poster' ? title.posterPath : title.backdropPath;
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    if (file === undefined) return;
    run(async () => {
      const jpeg = await jpegOf(file);
      if (jpeg === null) throw new CallError(texts.film.notAPicture, { failure: 'refused' });
      const answer = await doors.call(CatalogService.method.setArtwork, { titleId: title.id, [kind]: jpeg }, { deadlineMs: DEADLINE_MS });
      changed(answer.title);
    });
  };
  return (
    <div className={`picture picture-${kind}`}>
      {path === '' ? <div className="no-picture" /> : <img src={`${doors.hosts.api}${path}`} alt={texts.film[kind]} />}
      <p className="quiet">{kind === 'poster' ? texts.film.posterAbout : texts.film.backdropAbout}</p>
      <div className="actions">
        <label className="button" htmlFor={id}>
          {texts.film.choosePicture(texts.film[kind].toLowerCase())}
        </label>
        <input id={id} className="visually-hidden" type="file" accept="image/*" onChange={choose} />
        <CommandNote state={state} />
      </div>
    </div>
  );
}
