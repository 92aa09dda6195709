/** The parts of two independent manifest parsers that the tests use; neither brings types. */
declare module 'm3u8-parser' {
  export type ParsedSegment = {
    uri: string;
    duration: number;
    byterange?: { length: number; offset: number };
    map?: { uri: string; byterange?: { length: number; offset: number } };
  };
  export type ParsedPlaylist = {
    version?: number;
    endList?: boolean;
    playlistType?: string;
    targetDuration?: number;
    independentSegments?: boolean;
    contentSteering?: { serverUri: string; pathwayId: string };
    mediaGroups: Record<string, Record<string, Record<string, { uri: string; language: string; default: boolean; forced?: boolean }>>>;
    playlists?: { uri: string; attributes: Record<string, unknown> }[];
    segments: ParsedSegment[];
  };
  export class Parser {
    manifest: ParsedPlaylist;
    push(text: string): void;
    end(): void;
  }
}
declare module 'mpd-parser' {
  export type ParsedRange = { length: number; offset: number };
  export type ParsedRepresentation = {
    attributes: Record<string, unknown> & { BANDWIDTH: number; CODECS?: string; serviceLocation?: string };
    sidx?: { uri: string; resolvedUri: string; byterange: ParsedRange; map: { resolvedUri: string; byterange: ParsedRange } };
    segments: { resolvedUri: string; duration: number }[];
  };
  export type ParsedManifest = {
    duration: number;
    contentSteering?: { defaultServiceLocation: string; queryBeforeStart: boolean; serverURL: string };
    playlists: ParsedRepresentation[];
    mediaGroups: Record<string, Record<string, Record<string, { playlists: ParsedRepresentation[]; language?: string }>>>;
  };
  export function parse(
    text: string,
    options: { manifestUri: string; eventHandler?: (event: { type: string; message: string }) => void },
  ): ParsedManifest;
}
