import type shaka from 'shaka-player/dist/shaka-player.dash-es2021.js';
import { languageName, qualityName } from '../design/format.ts';
import { locale, text } from '../texts.ts';

export type Choice = { readonly key: string; readonly label: string; readonly active: boolean };
export type TrackLists = {
  /** Heights, highest first. */
  readonly heights: readonly number[];
  readonly activeHeight: number;
  readonly automatic: boolean;
  readonly audio: readonly Choice[];
  readonly text: readonly Choice[];
};

export const NO_TRACKS: TrackLists = { heights: [], activeHeight: 0, automatic: true, audio: [], text: [] };

/** What can be chosen, in the words of the menus. Keys hold until the next call only. */
export function listTracks(player: shaka.Player): TrackLists {
  const video = player.getVideoTracks();
  const heights = [...new Set(video.map((track) => track.height ?? 0))].filter((height) => height > 0).sort((one, other) => other - one);
  return {
    heights,
    activeHeight: video.find((track) => track.active)?.height ?? 0,
    automatic: player.getConfiguration().abr.enabled,
    audio: player.getAudioTracks().map((track, index) => ({ key: String(index), label: audioLabel(track, index), active: track.active })),
    // Forced narrative is shown by the player itself; nobody chooses it.
    text: player
      .getTextTracks()
      .filter((track) => !track.forced)
      .map((track, index) => ({
        key: String(track.id),
        label: track.label || languageName(track.language, locale(), text('player.captionTrack', { number: index + 1 })),
        active: track.active,
      })),
  };
}

export function audioLabel(track: { label: string | null; language: string; channelsCount: number | null }, index: number): string {
  const name = track.label || languageName(track.language, locale(), text('player.audioTrack', { number: index + 1 }));
  return (track.channelsCount ?? 2) > 2 ? text('player.surround', { name }) : name;
}

export function automaticLabel(tracks: TrackLists): string {
  return tracks.automatic && tracks.activeHeight > 0
    ? text('player.qualityAutoNow', { quality: qualityName(tracks.activeHeight) })
    : text('player.qualityAuto');
}
