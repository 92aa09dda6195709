import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';

export function faultsText(errors: readonly DetailedError[]): string {
  return errors.map(faultText).join('; ');
}

export function faultText({ message, help }: DetailedError): string {
  return help === null ? message : `${message} (${help})`;
}
