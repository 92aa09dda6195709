import type { PlayerCommand } from './keyboard.ts';

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** What the controls, keys, fingers and the system's media keys can do to the film. */
export type Actions = {
  readonly togglePlay: () => void;
  readonly seekTo: (ms: number) => void;
  readonly seekBy: (seconds: number) => void;
  readonly setVolume: (share: number) => void;
  readonly toggleMute: () => void;
  readonly setRate: (rate: number) => void;
  readonly toggleFullscreen: () => void;
  readonly togglePictureInPicture: () => void;
};

export function createActions(video: HTMLVideoElement): Actions {
  const durationS = (): number => (Number.isFinite(video.duration) ? video.duration : 0);
  const seekTo = (ms: number): void => {
    video.currentTime = Math.min(Math.max(ms / 1000, 0), durationS());
  };
  return {
    togglePlay() {
      if (video.paused) void playGently(video);
      else video.pause();
    },
    seekTo,
    seekBy: (seconds) => seekTo((video.currentTime + seconds) * 1000),
    setVolume(share) {
      video.volume = Math.min(Math.max(share, 0), 1);
      video.muted = video.volume === 0;
    },
    toggleMute() {
      video.muted = !video.muted;
      // Unmuting a volume of nothing would change nothing.
      if (!video.muted && video.volume === 0) video.volume = 0.5;
    },
    setRate(rate) {
      video.playbackRate = rate;
    },
    toggleFullscreen() {
      // The page and not the player: the next episode brings a player of its own, and the screen stays filled. Refused where the browser or the page around us
      // forbids it: then the picture stays as it is.
      if (document.fullscreenElement === null) document.documentElement.requestFullscreen().catch(() => undefined);
      else document.exitFullscreen().catch(() => undefined);
    },
    togglePictureInPicture() {
      if (document.pictureInPictureElement === null) video.requestPictureInPicture().catch(() => undefined);
      else document.exitPictureInPicture().catch(() => undefined);
    },
  };
}

/** Browsers refuse sound before the first click on a page: then the film stands with its play button shown. */
export async function playGently(video: HTMLVideoElement): Promise<void> {
  try {
    await video.play();
  } catch {
    // The paused state is shown.
  }
}

/** Commands that only concern the film; the rest (help, captions, menus) is the player's. True when it was one. */
export function runFilmCommand(command: PlayerCommand, video: HTMLVideoElement, actions: Actions): boolean {
  switch (command.kind) {
    case 'toggle_play':
      actions.togglePlay();
      return true;
    case 'seek_by':
      actions.seekBy(command.seconds);
      return true;
    case 'seek_to_share':
      actions.seekTo(video.duration * 1000 * command.share);
      return true;
    case 'volume_by':
      actions.setVolume((video.muted ? 0 : video.volume) + command.share);
      return true;
    case 'toggle_mute':
      actions.toggleMute();
      return true;
    case 'toggle_fullscreen':
      actions.toggleFullscreen();
      return true;
    case 'toggle_picture_in_picture':
      actions.togglePictureInPicture();
      return true;
    case 'rate_step':
      actions.setRate(nextRate(video.playbackRate, command.steps));
      return true;
    case 'toggle_captions':
    case 'toggle_help':
    case 'toggle_diagnostics':
    case 'dismiss':
    case 'reach_controls':
      return false;
    default:
      return command satisfies never;
  }
}

/** The next slower or faster of `RATES`; the ends stay. */
export function nextRate(rate: number, steps: 1 | -1): number {
  const candidates = steps === 1 ? RATES.filter((one) => one > rate) : RATES.filter((one) => one < rate);
  return (steps === 1 ? candidates[0] : candidates.at(-1)) ?? rate;
}
