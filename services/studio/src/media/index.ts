export { encodeAudio, type EncodedAudio } from './encode-audio.ts';
export { encodeChunk, encoder, type EncodeChunkRequest, type EncodedPiece } from './encode-chunk.ts';
export { extractText } from './extract-text.ts';
export { MEDIA_FAULTS, MediaFault, type MediaFaultCode } from './fault.ts';
export { runGuarded, type GuardedEnd, type GuardedRun } from './guarded.ts';
export { inspect, type InspectResult } from './inspect.ts';
export type { AudioStream, Inspection, InspectionWarning, TextStream, VideoStream } from './inspection.ts';
export type { LadderRung } from './ladder.ts';
export { MEDIA_LIMITS, type MediaLimits, type ProcessLimits } from './limits.ts';
export { makeArtwork } from './artwork.ts';
export {
  ENCODE_POLICY,
  planEncode,
  type ChunkPlan,
  type EncodePlan,
  type EncodePolicy,
  type RungGroup,
  type StoryboardPlan,
} from './plan.ts';
export type { AudioPlan, TextPlan } from './plan-tracks.ts';
export { REFUSAL_CODES, type MediaRefusal, type RefusalCode } from './refusal.ts';
export { sniff, SNIFF_BYTES, type Sniffed } from './sniff.ts';
export { makeStoryboard } from './storyboard.ts';
