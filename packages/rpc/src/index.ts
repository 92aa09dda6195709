export { errorFromAnswer, RpcError } from './error.ts';
export type { ErrorDetail } from './error.ts';
export { INJECTIONS } from './faults.ts';
export type { FaultPoint, Injection, RpcFaults } from './faults.ts';
export { openFilePicture } from './file-picture.ts';
export type { FilePicture } from './file-picture.ts';
export { PASSPORT_HEADER, SCOPE_HEADER } from './headers.ts';
export { issueKeys, keysFromBundle, keysFromSecret } from './keys.ts';
export type { KeyBundle, KeyRing } from './keys.ts';
export { createPicture } from './picture.ts';
export type { DiscoveryView, Instance, Picture, Pinned } from './picture.ts';
export { CODES } from './port.ts';
export type {
  Allowed,
  CallOptions,
  Client,
  Code,
  Handlers,
  HttpAnswer,
  HttpCallOptions,
  HttpContext,
  HttpHandler,
  RequestContext,
  Route,
  Rpc,
  RpcHost,
  ServeLimits,
  Upstream,
} from './port.ts';
export { createRetryBudget } from './retry-budget.ts';
export type { RetryBudget } from './retry-budget.ts';
export { createRpcHost } from './rpc-host.ts';
export type { RpcHostOptions, RunningRpcHost } from './rpc-host.ts';
export { scopeOf } from './scope.ts';
