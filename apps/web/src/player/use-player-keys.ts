import { useEffect, useEffectEvent } from 'react';
import { runFilmCommand, type Actions } from './actions.ts';
import { commandOf } from './keyboard.ts';

type KeyTargets = {
  toggleCaptions(): void;
  toggleHelp(): void;
  toggleDiagnostics(): void;
  dismiss(): void;
  /** OK on a remote control, while the film has the keyboard. */
  reachControls(): void;
  /** A key was ours: show what it did. */
  noticed(): void;
};

/** The whole page is the player: its keys work wherever the focus is, except where the focused control needs the key itself. */
export function usePlayerKeys(video: HTMLVideoElement | null, actions: Actions | undefined, targets: KeyTargets): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (video === null || actions === undefined || event.defaultPrevented || belongsToControl(event)) return;
    const command = commandOf(event);
    if (command === undefined) return;
    event.preventDefault();
    targets.noticed();
    if (runFilmCommand(command, video, actions)) return;
    if (command.kind === 'toggle_captions') targets.toggleCaptions();
    if (command.kind === 'toggle_help') targets.toggleHelp();
    if (command.kind === 'toggle_diagnostics') targets.toggleDiagnostics();
    if (command.kind === 'dismiss') targets.dismiss();
    if (command.kind === 'reach_controls') targets.reachControls();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => pressed(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

/** Space and Enter press a focused button, arrows move the volume's slider; the seek bar and menus handle (and consume) their own. */
function belongsToControl({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (key === ' ' || key === 'Enter') return target.closest('button, a, [role^="menuitem"]') !== null;
  return key.startsWith('Arrow') && target.matches('input');
}
