export { claimDestination, readTransferState, type Claim, type TransferState } from './claim.ts';
export { openTransferSource, type TransferSource } from './open-source.ts';
export { openToLook } from './open-to-look.ts';
export type { TallyRow, Total } from './tally.ts';
export type { TransferTarget } from './target.ts';
export { checkKv, copyKv, settle, type TransferProgress, type TransferRequest, type TransferVerdict } from './transfer-kv.ts';
export type { TransferDestination } from './transfer-parts.ts';
