import { useEffect, useId, useState, useSyncExternalStore, type ChangeEvent, type ReactNode } from 'react';
import { Bar } from '../design/bar.tsx';
import { bytes } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { texts } from '../texts.ts';
import type { Uploads } from './open-queue.ts';
import type { UploadItem, UploadState } from './upload-queue.ts';

/** The way in for film files: chosen, or dropped anywhere on the page; and how far those are that are on their way. */
export function UploadPart({ uploads }: { uploads: Uploads }): ReactNode {
  const { queue } = uploads;
  const items = useSyncExternalStore(queue.subscribe, queue.items);
  const isOver = useDrop(queue.add);
  const choiceId = useId();
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    queue.add([...(event.target.files ?? [])]);
    // The same file may be chosen again.
    event.target.value = '';
  };
  return (
    <section className={`drop ${isOver ? 'drop-over' : ''}`} aria-label={texts.films.uploads}>
      <p>
        <strong>{texts.films.drop}</strong> {texts.films.or}{' '}
        <label className="button button-light" htmlFor={choiceId}>
          {texts.films.choose}
        </label>
        <input id={choiceId} className="visually-hidden" type="file" multiple accept="video/*,.mkv,.mxf,.ts,.m2ts" onChange={choose} />
      </p>
      <p className="quiet">{texts.films.chooseAbout}</p>
      {items.length === 0 ? null : (
        <ul className="rows">
          {items.map((item) => (
            <UploadRow key={item.id} item={item} uploads={uploads} />
          ))}
        </ul>
      )}
      <Begun uploads={uploads} items={items} />
    </section>
  );
}

const TONES: Readonly<Record<UploadState, Tone>> = {
  waiting: 'quiet',
  sending: 'busy',
  importing: 'busy',
  refused: 'bad',
  broke_off: 'bad',
};

function UploadRow({ item, uploads: { queue } }: { item: UploadItem; uploads: Uploads }): ReactNode {
  const words = texts.films;
  const isOver = item.state === 'refused' || item.state === 'broke_off';
  return (
    <li className="row upload">
      <span className="row-main">
        <strong>{item.fileName}</strong>
        <Bar share={item.sentBytes / Math.max(1, item.totalBytes)} label={`${words.uploads}, ${item.fileName}`} />
        {item.message === '' ? null : (
          <span className="bad" role="alert">
            {item.message}
          </span>
        )}
      </span>
      <span className="row-side">
        <Mark tone={TONES[item.state]}>{words.uploadState[item.state]}</Mark>
        <span className="quiet">{words.sent(bytes(item.sentBytes), bytes(item.totalBytes))}</span>
        {isOver ? (
          <button type="button" className="button" aria-label={words.goOnUpload(item.fileName)} onClick={() => queue.again(item.id)}>
            {item.state === 'broke_off' ? words.goOn : texts.again}
          </button>
        ) : null}
        {item.state === 'importing' ? null : (
          <button
            type="button"
            className="button button-quiet"
            aria-label={isOver ? words.dismissUpload(item.fileName) : words.cancelUpload(item.fileName)}
            onClick={() => queue.cancel(item.id)}
          >
            {isOver ? words.dismiss : texts.cancel}
          </button>
        )}
      </span>
    </li>
  );
}

/** Uploads of an earlier visit: a page may not open the file again by itself. */
function Begun({ uploads: { memory, drop }, items }: { uploads: Uploads; items: readonly UploadItem[] }): ReactNode {
  const [forgotten, setForgotten] = useState<readonly string[]>([]);
  // What is on the list above has gone on.
  const left = memory
    .all()
    .filter(({ uploadId }) => !forgotten.includes(uploadId))
    .filter(({ name, size }) => !items.some((item) => item.fileName === name && item.totalBytes === size));
  if (left.length === 0) return null;
  return (
    <div className="begun">
      <h2>{texts.films.begun}</h2>
      <p className="quiet">{texts.films.begunAbout}</p>
      <ul className="lines">
        {left.map(({ uploadId, name, size }) => (
          <li key={uploadId}>
            {name} ({bytes(size)}){' '}
            <button
              type="button"
              className="button button-quiet"
              aria-label={texts.films.forgetUpload(name)}
              onClick={() => {
                setForgotten([...forgotten, uploadId]);
                void drop(uploadId);
              }}
            >
              {texts.films.forget}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Files that are let go anywhere over the page. Without this the browser would leave the page and show the film. */
function useDrop(add: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const leaving = new AbortController();
    const on = (name: 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void): void =>
      window.addEventListener(name, act, { signal: leaving.signal });
    on('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      setIsOver(true);
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setIsOver(false);
    });
    on('drop', (event) => {
      setIsOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      add(files);
    });
    return () => leaving.abort();
  }, [add]);
  return isOver;
}
