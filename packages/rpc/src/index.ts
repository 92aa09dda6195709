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
  Rpc,
  RpcHost,
} from './port.ts';
