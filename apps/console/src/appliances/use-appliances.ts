import { ControlService, type WatchPictureResponse } from '@bioscope/control/contract';
import { useMemo } from 'react';
import type { Call } from '../api/call.ts';
import { useRemote } from '../api/use-remote.ts';

const WAIT_MS = 15_000;
const GRACE_MS = 5_000;
/** Appliances report every second; asking again at once would redraw the page as often. */
const PAUSE_MS = 1_000;

export type SeenAppliances = { readonly picture: WatchPictureResponse; readonly seenAtMs: number };

/** Every appliance, kept fresh by a long poll. */
export function useAppliances(call: Call): ReturnType<typeof useRemote<SeenAppliances>> {
  const question = useMemo(
    () => ({
      ask: async (signal: AbortSignal, known?: SeenAppliances): Promise<SeenAppliances> => {
        const request = { knownVersion: known?.picture.version ?? 0, waitMs: known === undefined ? 0 : WAIT_MS };
        const picture = await call(ControlService.method.watchPicture, request, { signal, deadlineMs: WAIT_MS + GRACE_MS });
        return { picture, seenAtMs: Date.now() };
      },
      againAfterMs: () => PAUSE_MS,
    }),
    [call],
  );
  return useRemote<SeenAppliances>(question);
}
