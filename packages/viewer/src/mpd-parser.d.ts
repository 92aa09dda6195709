// The package has no types. What is declared here is what this package reads of it.
declare module 'mpd-parser' {
  export type MpdPlaylist = {
    readonly attributes: {
      readonly NAME: string;
      readonly BANDWIDTH: number;
      readonly RESOLUTION?: { readonly width: number; readonly height: number };
      readonly serviceLocation?: string;
    };
    readonly resolvedUri: string;
    readonly sidx?: { readonly byterange: { readonly offset: number; readonly length: number } };
  };
  type Sound = { readonly default?: boolean; readonly playlists: readonly MpdPlaylist[] };
  const mpdParser: {
    parse(
      mpd: string,
      options: { readonly manifestUri: string },
    ): {
      readonly playlists: readonly MpdPlaylist[];
      readonly mediaGroups: { readonly AUDIO: Readonly<Record<string, Readonly<Record<string, Sound>>>> };
      readonly contentSteering?: { readonly serverURL: string };
    };
  };
  export default mpdParser;
}
