/** What a key press asks of the player. */
export type PlayerCommand =
  | { kind: 'toggle_play' }
  | { kind: 'seek_by'; seconds: number }
  | { kind: 'seek_to_share'; share: number }
  | { kind: 'volume_by'; share: number }
  | { kind: 'toggle_mute' }
  | { kind: 'toggle_fullscreen' }
  | { kind: 'toggle_captions' }
  | { kind: 'toggle_picture_in_picture' }
  | { kind: 'rate_step'; steps: 1 | -1 }
  | { kind: 'toggle_help' }
  | { kind: 'toggle_diagnostics' }
  | { kind: 'dismiss' }
  | { kind: 'reach_controls' };

export type KeyPress = {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
};

export const SEEK_STEP_S = 10;
export const VOLUME_STEP = 0.05;

/** The command of a key, or undefined when the key is not ours. Combinations with Ctrl, Alt and Meta belong to the browser. */
export function commandOf(press: KeyPress): PlayerCommand | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  if (press.shiftKey && press.key.toLowerCase() === 'd') return { kind: 'toggle_diagnostics' };
  if (/^[0-9]$/.test(press.key)) return { kind: 'seek_to_share', share: Number(press.key) / 10 };
  return COMMANDS.get(press.key.length === 1 ? press.key.toLowerCase() : press.key);
}

const COMMANDS: ReadonlyMap<string, PlayerCommand> = new Map<string, PlayerCommand>([
  [' ', { kind: 'toggle_play' }],
  ['k', { kind: 'toggle_play' }],
  ['ArrowLeft', { kind: 'seek_by', seconds: -SEEK_STEP_S }],
  ['j', { kind: 'seek_by', seconds: -SEEK_STEP_S }],
  ['ArrowRight', { kind: 'seek_by', seconds: SEEK_STEP_S }],
  ['l', { kind: 'seek_by', seconds: SEEK_STEP_S }],
  ['ArrowUp', { kind: 'volume_by', share: VOLUME_STEP }],
  ['ArrowDown', { kind: 'volume_by', share: -VOLUME_STEP }],
  ['Home', { kind: 'seek_to_share', share: 0 }],
  ['End', { kind: 'seek_to_share', share: 1 }],
  ['m', { kind: 'toggle_mute' }],
  ['f', { kind: 'toggle_fullscreen' }],
  ['c', { kind: 'toggle_captions' }],
  ['p', { kind: 'toggle_picture_in_picture' }],
  ['<', { kind: 'rate_step', steps: -1 }],
  ['>', { kind: 'rate_step', steps: 1 }],
  ['?', { kind: 'toggle_help' }],
  ['Escape', { kind: 'dismiss' }],
  ['Enter', { kind: 'reach_controls' }],
]);
